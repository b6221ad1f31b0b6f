import { defineScenario } from '../../define.ts';
import { mechanicalDisk, pool } from '../disk/disks.ts';

export default defineScenario<{ readonly recordKib: number; readonly megabytes: number }>({
  name: 'dedup-table',
  subject: 'zfs',
  kind: 'fault',
  why: 'Deduplication is on, and its table has outgrown what the cache may hold, so that every write looks up the table on a mechanical disk. The cache is made as small as the data, in the proportion of a large pool on a host with little memory.',
  weight: 'heavy',
  variants: { 'two-kib-records': { recordKib: 2, megabytes: 500 }, 'four-kib-records': { recordKib: 4, megabytes: 1000 } },
  inject: async (host, { recordKib, megabytes }) => {
    const disk = await host.addDisk(mechanicalDisk('WDI0001', 4096));
    await pool(host, disk);
    await host.run(`zfs set recordsize=${recordKib}k tank; zfs set dedup=on tank; dd if=/dev/urandom of=/tank/images bs=1M count=${megabytes} status=none; sync`, { timeoutSeconds: 900 });
    await host.run('echo 33554432 >/sys/module/zfs/parameters/zfs_arc_min; echo 67108864 >/sys/module/zfs/parameters/zfs_arc_max; echo 3 >/proc/sys/vm/drop_caches');
    await host.throttle('WDI0001', { operationsPerSecond: 120 });
    await host.start('writer', `exec fio --name=images --directory=/tank --size=64m --rw=randwrite --bs=${recordKib}k --fsync=8 --time_based --runtime=600`);
  },
  settleSeconds: 20,
  check: async (host) => {
    const text = await host.run('zpool status -D tank | grep "dedup: DDT entries"', { timeoutSeconds: 90, mayFail: true });
    // An entry takes 150 bytes of memory, and the cache has 64 MiB.
    if (Number(/DDT entries (\d+)/.exec(text)?.[1] ?? 0) < 230_000) return `the table is small: ${text.trim()}`;
    const misses = Number(await host.run(`read_misses() { awk '$1 == "demand_metadata_misses" { print $3 }' /proc/spl/kstat/zfs/arcstats; }; before=$(read_misses); sleep 10; echo $(( $(read_misses) - before ))`));
    return misses >= 100 ? undefined : `within 10 s only ${misses} look-ups had to go to the disk`;
  },
  truth: { first: ['zfs-dedup'], allowed: ['disk-saturated', 'zfs-txg-stalled', 'disk-slow'], objects: { 'zfs-dedup': 'tank' } },
});
