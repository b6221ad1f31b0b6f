import { defineScenario } from '../../define.ts';
import { hogAndVictim, hogIsThere } from '../../loads/hog-and-victim.ts';
import { mechanicalDisk, ordinaryLoad, pool, readMilliseconds } from './disks.ts';

export default defineScenario<{ readonly guest: string; readonly workers: number; readonly operationsPerSecond: number }>({
  name: 'slow-disk-and-cpu-hog',
  subject: 'disk',
  kind: 'double',
  why: 'Two faults at once: the disk of a pool does a handful of operations a second, so that the database waits for it, and a guest takes all processors, so that everybody waits for those. The busy processors hide a part of the IO delay. Both must be named.',
  weight: 'heavy',
  variants: {
    'vm-and-six-a-second': { guest: 'qemu/103', workers: 6, operationsPerSecond: 6 },
    'container-and-nine-a-second': { guest: 'lxc/102', workers: 8, operationsPerSecond: 9 },
  },
  inject: async (host, { guest, workers, operationsPerSecond }) => {
    const disk = await host.addDisk(mechanicalDisk('WDH0001'));
    await host.addDisk(mechanicalDisk('WDH0002'));
    await pool(host, disk);
    await ordinaryLoad(host, '/tank', 2);
    await host.wait(8);
    await host.throttle('WDH0001', { operationsPerSecond });
    await hogAndVictim(host, { guest, workers });
  },
  // Averages of pressure over a minute have to have seen it.
  settleSeconds: 75,
  check: async (host, { guest }) => {
    const missing = await hogIsThere(host, guest);
    if (missing !== undefined) return missing;
    const milliseconds = await readMilliseconds(host, '/dev/sda');
    return milliseconds > 80 ? undefined : `a small read takes only ${milliseconds} ms`;
  },
  truth: ({ guest }) => ({
    first: ['disk-slow', 'guest-cpu-hog'],
    among: ['disk-slow', 'guest-cpu-hog'],
    allowed: ['cpu-saturated', 'disk-saturated', 'zfs-txg-stalled', 'hung-tasks', 'workload-grew'],
    objects: { 'disk-slow': 'WDH0001', 'guest-cpu-hog': guest },
    never: ['iowait-meter-wrong', 'disk-failing'],
  }),
});
