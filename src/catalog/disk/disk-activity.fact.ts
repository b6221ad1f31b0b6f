import { z } from 'zod';
import { defineFact } from '../../define/fact.ts';
import diskStats, { type DiskCounters } from './disk-stats.probe.ts';

const kinds = ['disk', 'partition', 'zvol', 'dm', 'md', 'loop', 'other'] as const;

const deviceSchema = z.object({
  name: z.string(),
  kind: z.enum(kinds),
  readsPerSecond: z.number(),
  writesPerSecond: z.number(),
  readBytesPerSecond: z.number(),
  writeBytesPerSecond: z.number(),
  /** I/Os that ended within the window. */
  completed: z.number(),
  /** Mean times from queueing to the end (iostat's await); missing where none ended. */
  latencyMs: z.number().optional(),
  readLatencyMs: z.number().optional(),
  writeLatencyMs: z.number().optional(),
  flushes: z.number(),
  /** False before Linux 5.5: then nothing is known of flushes. */
  countsFlushes: z.boolean(),
  flushLatencyMs: z.number().optional(),
  /** Time spent on discards that ended within the window, as a share of it; several at once add up. Missing where there were none. */
  discardPercent: z.number().optional(),
  /** Share of the time with at least one I/O under way. For a disk that works in parallel, 100 is not its limit. */
  utilisationPercent: z.number(),
  averageQueue: z.number(),
  inFlight: z.number(),
  /** I/Os were waiting during the whole window, and none ended. */
  stalled: z.boolean(),
});
export type DeviceActivity = z.infer<typeof deviceSchema>;

export function deviceKind(name: string): (typeof kinds)[number] {
  if (/^(sd|hd|vd|xvd)[a-z]{1,4}$|^nvme\d{1,4}n\d{1,4}$|^mmcblk\d{1,3}$/.test(name)) return 'disk';
  if (/^(sd|hd|vd|xvd)[a-z]{1,4}\d{1,3}$|^(nvme\d{1,4}n\d{1,4}|mmcblk\d{1,3}|md\w{1,20})p\d{1,3}$/.test(name)) return 'partition';
  if (/^zd\d{1,6}$/.test(name)) return 'zvol';
  if (name.startsWith('dm-')) return 'dm';
  if (/^md(\d|_)/.test(name)) return 'md';
  return name.startsWith('loop') ? 'loop' : 'other';
}

/** Counters of milliseconds are 32 bits wide in several kernels. Undefined: the counter was reset. */
function growth(first: number, second: number): number | undefined {
  if (second >= first) return second - first;
  const wrapped = second + 2 ** 32 - first;
  return first < 2 ** 32 && wrapped < 2 ** 31 ? wrapped : undefined;
}

const sectorBytes = 512;
const zero = { reads: 0, readSectors: 0, readMilliseconds: 0, writes: 0, writeSectors: 0, writeMilliseconds: 0, ioMilliseconds: 0, weightedMilliseconds: 0 };

function activityOf(first: DiskCounters, second: DiskCounters, seconds: number): DeviceActivity | undefined {
  const of = (field: keyof typeof zero): number => growth(first[field], second[field]) ?? Number.NaN;
  const [reads, writes, readMs, writeMs] = [of('reads'), of('writes'), of('readMilliseconds'), of('writeMilliseconds')];
  const flushes = growth(first.flushes ?? 0, second.flushes ?? 0) ?? 0;
  const flushMs = growth(first.flushMilliseconds ?? 0, second.flushMilliseconds ?? 0) ?? 0;
  const discards = growth(first.discards ?? 0, second.discards ?? 0) ?? 0;
  const discardMs = growth(first.discardMilliseconds ?? 0, second.discardMilliseconds ?? 0) ?? 0;
  const [busyMs, weightedMs] = [of('ioMilliseconds'), of('weightedMilliseconds')];
  const activity: DeviceActivity = {
    name: second.name,
    kind: deviceKind(second.name),
    readsPerSecond: reads / seconds,
    writesPerSecond: writes / seconds,
    readBytesPerSecond: (of('readSectors') * sectorBytes) / seconds,
    writeBytesPerSecond: (of('writeSectors') * sectorBytes) / seconds,
    completed: reads + writes,
    ...(reads + writes > 0 && { latencyMs: (readMs + writeMs) / (reads + writes) }),
    ...(reads > 0 && { readLatencyMs: readMs / reads }),
    ...(writes > 0 && { writeLatencyMs: writeMs / writes }),
    flushes,
    countsFlushes: second.flushes !== undefined,
    ...(flushes > 0 && { flushLatencyMs: flushMs / flushes }),
    ...(discards > 0 && { discardPercent: discardMs / seconds / 10 }),
    utilisationPercent: Math.min(100, busyMs / seconds / 10),
    averageQueue: weightedMs / seconds / 1000,
    inFlight: second.inFlight,
    stalled: first.inFlight > 0 && second.inFlight > 0 && reads + writes + flushes + discards === 0 && seconds >= 1,
  };
  return Object.values(activity).some((value) => Number.isNaN(value)) ? undefined : activity;
}

const idle: DiskCounters = { name: 'sda', major: 8, minor: 0, readsMerged: 0, writesMerged: 0, inFlight: 0, ...zero };

/** Rates, mean latencies and queues over the sampling window; formulas as iostat(1) has them. */
export default defineFact({
  id: 'disk-activity',
  title: 'What each block device did',
  needs: { stats: diskStats },
  schema: z.object({ intervalSeconds: z.number(), devices: z.array(deviceSchema) }),
  derive: ({ stats }) => {
    const before = new Map(stats.first.devices.map((device) => [device.name, device]));
    const devices: DeviceActivity[] = [];
    for (const second of stats.second.devices) {
      const first = before.get(second.name) ?? (deviceKind(second.name) === 'zvol' ? { ...second, ...zero, flushes: 0, flushMilliseconds: 0, inFlight: 0 } : undefined);
      const activity = first && activityOf(first, second, stats.intervalSeconds);
      if (activity) devices.push(activity);
    }
    return { intervalSeconds: stats.intervalSeconds, devices };
  },
  examples: [
    {
      name: 'a disk that reads and writes, and one whose counter of milliseconds wrapped',
      given: {
        stats: {
          intervalSeconds: 4,
          first: { devices: [{ ...idle, reads: 100, readMilliseconds: 1000, flushes: 5, flushMilliseconds: 10 }, { ...idle, name: 'sdb', weightedMilliseconds: 4_294_967_290 }] },
          second: {
            devices: [
              { ...idle, reads: 500, readSectors: 8000, readMilliseconds: 5000, writes: 100, writeSectors: 80_000, writeMilliseconds: 100, ioMilliseconds: 2000, weightedMilliseconds: 4100, inFlight: 2, flushes: 15, flushMilliseconds: 60 },
              { ...idle, name: 'sdb', weightedMilliseconds: 394 },
            ],
          },
        },
      },
      expect: {
        devices: [
          { name: 'sda', kind: 'disk', readsPerSecond: 100, writesPerSecond: 25, readBytesPerSecond: 1_024_000, writeBytesPerSecond: 10_240_000, readLatencyMs: 10, writeLatencyMs: 1, latencyMs: 8.2, flushLatencyMs: 5, utilisationPercent: 50, averageQueue: 1.025, inFlight: 2, stalled: false },
          { name: 'sdb', completed: 0, averageQueue: 0.1 },
        ],
      },
    },
    {
      name: 'a disk that answers nothing any more, and one that was replaced meanwhile',
      given: {
        stats: {
          intervalSeconds: 4,
          first: { devices: [{ ...idle, inFlight: 3, reads: 10 }, { ...idle, name: 'sdc', reads: 9_000_000_000 }] },
          second: { devices: [{ ...idle, inFlight: 3, reads: 10, ioMilliseconds: 4000, weightedMilliseconds: 12_000 }, { ...idle, name: 'sdc', reads: 4 }] },
        },
      },
      expect: { devices: [{ name: 'sda', stalled: true, utilisationPercent: 100, averageQueue: 3 }] },
    },
    {
      name: 'a disk that works on large discards alone',
      given: {
        stats: {
          intervalSeconds: 4,
          first: { devices: [{ ...idle, inFlight: 3, discards: 10, discardMilliseconds: 900 }] },
          second: { devices: [{ ...idle, inFlight: 2, discards: 12, discardMilliseconds: 6_900, ioMilliseconds: 4000, weightedMilliseconds: 12_000 }] },
        },
      },
      expect: { devices: [{ name: 'sda', stalled: false, discardPercent: 150, utilisationPercent: 100 }] },
    },
    {
      name: 'kinds of devices',
      given: {
        stats: {
          intervalSeconds: 1,
          first: { devices: ['nvme0n1', 'nvme0n1p2', 'vda1', 'dm-3', 'md0'].map((name) => ({ ...idle, name })) },
          second: { devices: ['nvme0n1', 'nvme0n1p2', 'vda1', 'zd16', 'dm-3', 'md0'].map((name) => ({ ...idle, name })) },
        },
      },
      expect: { devices: [{ kind: 'disk' }, { kind: 'partition' }, { kind: 'partition' }, { kind: 'zvol' }, { kind: 'dm' }, { kind: 'md' }] },
    },
  ],
});
