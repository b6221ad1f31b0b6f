import { defineScenario } from '../../define.ts';
import { mechanicalDisk, ordinaryLoad, pool } from '../disk/disks.ts';

interface Variant {
  readonly megabytes: number;
  readonly bytesPerSecond: number;
  readonly operationsPerSecond: number;
}

export default defineScenario<Variant>({
  name: 'scrub-hurts',
  subject: 'zfs',
  kind: 'fault',
  why: 'A scrub reads everything on mechanical disks whose throughput is all taken, while a database wants to write: latency rises for everybody until the scrub is over. Both disks of the mirror are equally busy. The scrub is right; the disks at their limit are its mechanism.',
  weight: 'light',
  variants: {
    'narrow-bandwidth': { megabytes: 800, bytesPerSecond: 9_000_000, operationsPerSecond: 0 },
    'few-operations': { megabytes: 400, bytesPerSecond: 0, operationsPerSecond: 40 },
  },
  inject: async (host, { megabytes, bytesPerSecond, operationsPerSecond }) => {
    const disks = [await host.addDisk(mechanicalDisk('WDG0001', 2048)), await host.addDisk(mechanicalDisk('WDG0002', 2048))];
    await pool(host, `mirror ${disks.join(' ')}`);
    await host.run(`zfs set recordsize=16k tank; dd if=/dev/urandom of=/tank/archive bs=1M count=${megabytes} status=none; sync`, { timeoutSeconds: 240 });
    for (const id of ['WDG0001', 'WDG0002']) await host.throttle(id, { bytesPerSecond, operationsPerSecond });
    await ordinaryLoad(host, '/tank', 1);
    await host.run('echo 50 >/sys/module/zfs/parameters/zfs_vdev_scrub_max_active; zpool scrub tank');
  },
  settleSeconds: 15,
  check: async (host) => {
    const status = await host.run('zpool status tank', { timeoutSeconds: 60 });
    if (!/scrub in progress/.test(status)) return 'no scrub is in progress';
    const milliseconds = Number(
      await host.run("look() { awk '$3 == \"sda\" { print $4 + $8, $7 + $11 }' /proc/diskstats; }; { look; sleep 8; look; } | tr '\\n' ' ' | awk '{ print ($4 - $2) / ($3 - $1 + 1) }'", { timeoutSeconds: 60 }),
    );
    return milliseconds >= 60 ? undefined : `the disks answer within ${milliseconds.toFixed(0)} ms: the scrub hurts nobody`;
  },
  truth: { first: ['zfs-scrub-running'], allowed: ['disk-saturated', 'zfs-txg-stalled'], never: ['disk-slow', 'disk-failing'], objects: { 'zfs-scrub-running': 'tank' } },
});
