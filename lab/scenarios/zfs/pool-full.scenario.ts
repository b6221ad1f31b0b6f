import { defineScenario } from '../../define.ts';
import { pool } from '../disk/disks.ts';

/** The reserve of a pool is 1/32 of it, but 128 MiB at least: a pool of 4 GiB can be filled to some 96 %. */
export default defineScenario<{ readonly fill: string; readonly least: number }>({
  name: 'pool-full',
  subject: 'zfs',
  kind: 'fault',
  why: 'A pool is filled beyond 95 %, to its reserve, and still written to: allocation takes longer, and at the end writes fail for want of space.',
  weight: 'heavy',
  variants: {
    'almost-to-the-reserve': { fill: 'count=3720', least: 94 },
    'to-the-reserve': { fill: 'count=5000', least: 95 },
  },
  inject: async (host, { fill }) => {
    await pool(host, '/dev/vdb');
    await host.run(`dd if=/dev/zero of=/tank/images bs=1M ${fill} status=none 2>/dev/null; sync`, { timeoutSeconds: 300, mayFail: true });
    await host.start('writer', 'while :; do dd if=/dev/urandom of=/tank/log$((RANDOM % 4)) bs=16k count=40 conv=fsync 2>/dev/null; sleep 0.5; done');
  },
  check: async (host, { least }) => {
    const capacity = Number((await host.run('zpool list -Hp -o capacity tank')).trim());
    return capacity >= least ? undefined : `the pool is only ${capacity} % full`;
  },
  truth: { first: ['zpool-full'], allowed: ['filesystem-full', 'zfs-txg-stalled', 'cpu-saturated'], objects: { 'zpool-full': 'tank' }, symptoms: ['space-low'] },
});
