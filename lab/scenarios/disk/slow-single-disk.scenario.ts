import { defineScenario } from '../../define.ts';
import { mechanicalDisk, pool, ordinaryLoad, readMilliseconds } from './disks.ts';

interface Variant {
  readonly fileSystem: 'zfs' | 'ext4';
  readonly operationsPerSecond: number;
}

export default defineScenario<Variant>({
  name: 'slow-single-disk',
  subject: 'disk',
  kind: 'fault',
  why: 'The only disk of a pool, or of an ext4 file system, does a handful of operations a second while others of its kind do a hundred. There is no sibling to compare it with; that it is busy all the time with almost nothing, and slow beside the other disks of the machine, tells it.',
  weight: 'light',
  variants: {
    'pool-six-a-second': { fileSystem: 'zfs', operationsPerSecond: 6 },
    'ext4-five-a-second': { fileSystem: 'ext4', operationsPerSecond: 5 },
  },
  inject: async (host, { fileSystem, operationsPerSecond }) => {
    const disk = await host.addDisk(mechanicalDisk('WDB0001'));
    await host.addDisk(mechanicalDisk('WDB0002'));
    if (fileSystem === 'zfs') await pool(host, disk);
    else await host.run(`mkfs.ext4 -qF ${disk} && mkdir -p /tank && mount ${disk} /tank`);
    await ordinaryLoad(host, '/tank', 1);
    await host.wait(8);
    await host.throttle('WDB0001', { operationsPerSecond });
  },
  settleSeconds: 15,
  check: async (host) => {
    const slow = await readMilliseconds(host, '/dev/sda');
    return slow > 80 ? undefined : `a small read takes only ${slow} ms`;
  },
  truth: {
    first: ['disk-slow'],
    allowed: ['zfs-txg-stalled', 'hung-tasks', 'disk-saturated'],
    never: ['disk-io-errors', 'iowait-meter-wrong'],
    objects: { 'disk-slow': 'WDB0001' },
  },
});
