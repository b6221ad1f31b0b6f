import { activity, during, hostUp, twoDisks } from '../disk/disk-examples.ts';
import type { DiskCounters } from '../disk/disk-stats.probe.ts';
import { cgroupOf, configOf, processOf } from '../guests/guests.samples.ts';
import { storageOf } from '../guests/cluster.samples.ts';
import { absent } from '../../define/result.ts';

const uptimeSeconds = 100_000;

/** A disk that did `perSecond` writes of 4 KiB, of `latencyMs` each and busy `busyPercent` of the time, since the boot. */
function counters(name: string, perSecond: number, latencyMs: number, busyPercent: number): DiskCounters {
  const writes = perSecond * uptimeSeconds;
  const milliseconds = writes * latencyMs;
  return { name, major: 8, minor: 0, reads: 0, readsMerged: 0, readSectors: 0, readMilliseconds: 0, writes, writesMerged: 0, writeSectors: writes * 8, writeMilliseconds: milliseconds, inFlight: 0, ioMilliseconds: uptimeSeconds * 10 * busyPercent, weightedMilliseconds: milliseconds };
}

function writing(name: string, perSecond: number, latencyMs: number, utilisationPercent: number) {
  return activity(name, { writesPerSecond: perSecond, writeBytesPerSecond: perSecond * 4_096, completed: perSecond * 4, latencyMs, utilisationPercent, averageQueue: (perSecond * latencyMs) / 1_000 });
}

const twice = <T>(first: T, second: T = first): { first: T; second: T; intervalSeconds: number } => ({ first, second, intervalSeconds: 4 });
const stats = twice({ devices: [counters('sda', 20, 5, 5), counters('sdb', 20, 5, 5)] });
const [a, b] = twoDisks.map(({ object }) => object) as [string, string];

function datasets(...written: readonly (readonly [name: string, writes: number])[]) {
  return { pools: [{ name: 'tank', state: 'ONLINE', txgs: [], datasets: written.map(([name, writes]) => ({ name, reads: 0, readBytes: 0, writes, writtenBytes: writes * 4_096 })) }] };
}
/** A request of 4 KiB. */
const cost = 1 + 1 / 64;

export const dependencyExamples = [
  {
    name: 'a VM and a container on a mirror: each by what its datasets counted since the boot, the pool and its disks by the kernel’s counters',
    given: {
      os: hostUp(uptimeSeconds),
      disks: { disks: twoDisks },
      stats,
      activity: during(writing('sda', 100, 40, 100), writing('sdb', 100, 6, 60)),
      kstats: twice(datasets(['tank/vm-100-disk-0', 1_000_000], ['tank/subvol-101-disk-0', 100_000], ['tank/files', 0]), datasets(['tank/vm-100-disk-0', 1_000_400], ['tank/subvol-101-disk-0', 100_040], ['tank/files', 0])),
    },
    expect: {
      storage: [
        { id: 'qemu/100', dependsOn: ['storage/tank'], before: { workPerSecond: 10 * cost }, after: { workPerSecond: 100 * cost }, beforeFrom: 'since boot' as const },
        { id: 'lxc/101', before: { workPerSecond: cost }, after: { workPerSecond: 10 * cost } },
        { id: 'dataset/tank/files', before: { workPerSecond: 0 } },
        { id: 'storage/tank', dependsOn: [a, b], before: { workPerSecond: 40 * cost, secondsEach: 0.005, busyShare: 0.05 }, after: { workPerSecond: 200 * cost, secondsEach: 0.023, busyShare: 0.8 } },
        { id: a, before: { secondsEach: 0.005 }, after: { secondsEach: 0.04, busyShare: 1 } },
        { id: b, after: { secondsEach: 0.006 } },
      ],
      places: [{ id: 'storage/tank', disks: [a, b], waitingBefore: 0.2, waitingAfter: 4.6 }],
      processors: [],
    },
  },
  {
    name: 'a container on a file system, by its control group since it was started; another one was started a minute ago',
    given: {
      os: hostUp(uptimeSeconds),
      disks: { disks: twoDisks.map((disk) => ({ ...disk, uses: [], mountpoints: disk.name === 'sda' ? ['/srv/data'] : ['/'] })) },
      stats,
      activity: during(writing('sda', 100, 40, 100), writing('sdb', 100, 6, 60)),
      groups: twice({ truncated: false, guests: ['lxc/101', 'lxc/102'].map((id) => cgroupOf(id, accounted(6_000))) }, { truncated: false, guests: ['lxc/101', 'lxc/102'].map((id) => cgroupOf(id, accounted(6_400))) }),
      processes: { guests: [processOf('lxc/101', { runningSeconds: 6_000 }), processOf('lxc/102', { runningSeconds: 60 })] },
      configs: { guests: ['lxc/101', 'lxc/102'].map((id) => configOf(id, { disks: [{ slot: 'rootfs', bus: 'rootfs', storage: 'data' }] })) },
      host: { configMounted: true, storages: [storageOf('data', 'dir', { path: '/srv/data/images' })] },
    },
    expect: {
      storage: [
        { id: 'lxc/101', dependsOn: ['filesystem//srv/data'], before: { workPerSecond: cost }, after: { workPerSecond: 100 * cost }, beforeFrom: 'since its start' as const },
        { id: 'lxc/102', before: { workPerSecond: 0 }, after: { workPerSecond: 100 * cost }, beforeFrom: 'not running' as const },
        { id: 'others on filesystem//srv/data', before: { workPerSecond: 19 * cost }, after: { workPerSecond: 0 } },
        {},
        { id: 'filesystem//srv/data', dependsOn: [a] },
        { id: 'filesystem//' },
        {},
        {},
      ],
    },
  },
  {
    name: 'a host that was booted three minutes ago and keeps no history: there is no before',
    given: { os: hostUp(180), disks: { disks: twoDisks }, stats, activity: during(writing('sda', 100, 40, 100), writing('sdb', 100, 6, 60)) },
    expect: { storage: [], places: [] },
  },
  { name: 'the counters of the disks were not read', given: { os: hostUp(uptimeSeconds), disks: { disks: twoDisks }, stats: absent('no /proc/diskstats') }, expect: absent('') },
];

function accounted(writes: number) {
  return { io: { disks: { readBytes: 0, writtenBytes: writes * 4_096, reads: 0, writes }, zvols: { readBytes: 0, writtenBytes: 0, reads: 0, writes: 0 } } };
}
