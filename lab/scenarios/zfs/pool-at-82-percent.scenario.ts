import { defineScenario } from '../../define.ts';
import { pool } from '../disk/disks.ts';

export default defineScenario<{ readonly megabytes: number }>({
  name: 'pool-at-82-percent',
  subject: 'zfs',
  kind: 'control',
  why: 'A pool is four fifths full: worth a note, and no reason for anything. Healthy is right, and the space may be noticed.',
  weight: 'light',
  variants: { 'large-file': { megabytes: 780 } },
  inject: async (host, { megabytes }) => {
    const disk = await host.addDisk({ id: 'SSDA0001', sizeMib: 1024, bus: 'scsi', rotationRate: 1 });
    await pool(host, disk);
    await host.run(`dd if=/dev/urandom of=/tank/images bs=1M count=${megabytes} status=none; sync`, { timeoutSeconds: 240 });
  },
  check: async (host) => {
    const capacity = Number((await host.run('zpool list -Hp -o capacity tank')).trim());
    return capacity >= 80 && capacity <= 84 ? undefined : `the pool is ${capacity} % full`;
  },
  truth: { first: [] },
});
