import { defineScenario } from '../../define.ts';
import { makePool } from '../../loads/pool.ts';
import { eater } from './eater.ts';

export default defineScenario<{ readonly shareOfMemory: number; readonly guestMib?: number }>({
  name: 'arc-full',
  subject: 'memory',
  kind: 'control',
  why: 'The cache of ZFS holds most of the memory, as it does on every host that serves files and has no large guests; or a small guest runs beside it and has all it needs. It gives back what others ask for, and nobody asks. The meter says 95 % used; nothing is wrong.',
  weight: 'light',
  variants: { 'most-of-memory': { shareOfMemory: 0.72 }, 'beside-a-guest': { shareOfMemory: 0.6, guestMib: 180 } },
  inject: async (host, { shareOfMemory, guestMib }) => {
    await host.run(`total=$(awk '$1 == "MemTotal:" { print $2 * 1024 }' /proc/meminfo); awk -v t=$total 'BEGIN { printf "%d", t * ${shareOfMemory} }' >/sys/module/zfs/parameters/zfs_arc_max`);
    await makePool(host, { layout: 'single', disks: ['data1'], compression: 'off' });
    await host.run('dd if=/dev/urandom of=/tank/archive bs=1M count=1300 status=none; sync; cat /tank/archive >/dev/null; cat /tank/archive >/dev/null', { timeoutSeconds: 300 });
    if (guestMib !== undefined) await host.start('guest100', eater(guestMib, { mibPerSecond: 50, touches: 20 }), { guest: 'qemu/100' });
  },
  check: async (host) => {
    const text = await host.run('awk \'$1 == "size" { size = $3 } END { print size }\' /proc/spl/kstat/zfs/arcstats; awk \'$1 == "MemTotal:" { print $2 * 1024 }\' /proc/meminfo');
    const [size = 0, total = 1] = text.trim().split('\n').map(Number);
    return size / total > 0.55 ? undefined : `the cache holds ${Math.round((100 * size) / total)} % of the memory`;
  },
  truth: { first: [], never: ['arc-starves-guests', 'memory-exhausted'] },
});
