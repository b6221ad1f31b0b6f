import { z } from 'zod';
import { defineFact } from '../../define/fact.ts';
import { optional } from '../../define/source.ts';
import pressureNow from '../cpu/pressure-now.fact.ts';
import { median } from '../../lib/averages.ts';
import diskActivity, { type DeviceActivity } from './disk-activity.fact.ts';
import { busy, during, twoDisks } from './disk-examples.ts';
import { unlikeSiblingsFromMs } from './disk-limits.ts';
import disks, { type Disk } from './disks.fact.ts';
import timedReads, { type TimedDisk } from './timed-reads.probe.ts';

/** Fewer I/Os than this in the window say nothing about a disk's pace, unless they kept it busy: the slowest disks get no more done. */
export const enoughIos = 20;
const enoughIosWhenBusy = 5;
const busyPercent = 30;
const enoughReads = 2;
/** Share of the window in which tasks waited for a processor, in percent, from which the time of our own reads may be such a wait. */
const starvedPercent = 60;

const paceSchema = z.object({
  name: z.string(),
  object: z.string(),
  label: z.string(),
  kind: z.enum(['hdd', 'ssd', 'nvme', 'virtual', 'unknown']),
  /** Mean time of an I/O in the window, where at least 20 ended, or 5 that took the disk a third of the window. */
  latencyMs: z.number().optional(),
  writeLatencyMs: z.number().optional(),
  completed: z.number(),
  iosPerSecond: z.number(),
  bytesPerSecond: z.number(),
  utilisationPercent: z.number(),
  averageQueue: z.number(),
  stalled: z.boolean(),
  /** Share of the window spent on flushes of its cache. */
  flushPercent: z.number(),
  /** Share of the window spent on discards (TRIM), which may take a disk seconds each; missing where none ended. */
  discardPercent: z.number().optional(),
  /** Median of the siblings of the same kind that had at least a third of its I/Os. */
  siblingsLatencyMs: z.number().optional(),
  /** Missing while its pool or array is rebuilt: then the members have different work. */
  timesSiblings: z.number().optional(),
  /** At least five times as slow as its siblings under like work, and not just quick against quicker. */
  unlikeSiblings: z.boolean(),
  /** Median of our own small reads. Left out where the processors are so short of time that it would measure them. */
  timedReadMs: z.number().optional(),
  /** Median of the other disks' medians, of the same kind. */
  othersTimedReadMs: z.number().optional(),
  timesOthers: z.number().optional(),
  /** Beside the other disks of any kind: processors without time to spare make all of them look slow. */
  timesAllOthers: z.number().optional(),
  timedReadErrors: z.number(),
  timedReadStuck: z.boolean(),
});
export type DiskPace = z.infer<typeof paceSchema>;

/** The lower median: the first read of a spare or idle disk brings its heads back or wakes its link, which takes up to some seconds. */
function timedMedian(read: TimedDisk | undefined): number | undefined {
  if (read === undefined || read.milliseconds.length < enoughReads) return undefined;
  return [...read.milliseconds].sort((a, b) => a - b)[Math.floor((read.milliseconds.length - 1) / 2)];
}

function tellsItsPace(of: DeviceActivity): boolean {
  return of.completed >= enoughIos || (of.completed >= enoughIosWhenBusy && of.utilisationPercent >= busyPercent);
}

function paceOf(disk: Disk, all: readonly Disk[], active: ReadonlyMap<string, DeviceActivity>, reads: ReadonlyMap<string, TimedDisk>, seconds: number, starved: boolean): DiskPace | undefined {
  const own = active.get(disk.name);
  if (own === undefined) return undefined;
  const alike = all.filter((one) => one.kind === disk.kind && one.name !== disk.name);
  const least = tellsItsPace(own) ? Math.min(enoughIos, own.completed) : enoughIos;
  const siblings = alike
    .filter((one) => disk.siblings.includes(one.name))
    .map((one) => active.get(one.name))
    .filter((one) => one !== undefined && one.completed >= least && one.completed * 3 >= own.completed);
  const siblingsLatencyMs = median(siblings.flatMap((one) => one?.latencyMs ?? []));
  const others = median(alike.flatMap((one) => timedMedian(reads.get(one.name)) ?? []));
  const read = timedMedian(reads.get(disk.name));
  const allOthers = median(all.flatMap((one) => (one.name === disk.name ? [] : (timedMedian(reads.get(one.name)) ?? []))));
  const aboutTheProcessors = starved && (read ?? 0) < 3 * (allOthers ?? Infinity);
  const timed = aboutTheProcessors ? undefined : read;
  const measured = tellsItsPace(own) ? own.latencyMs : undefined;
  const timesSiblings = measured !== undefined && siblingsLatencyMs !== undefined ? measured / Math.max(siblingsLatencyMs, 0.1) : undefined;
  const pace: DiskPace = {
    name: disk.name,
    object: disk.object,
    label: disk.label,
    kind: disk.kind,
    latencyMs: measured,
    writeLatencyMs: own.writesPerSecond * seconds >= enoughIos ? own.writeLatencyMs : undefined,
    completed: own.completed,
    iosPerSecond: own.readsPerSecond + own.writesPerSecond,
    bytesPerSecond: own.readBytesPerSecond + own.writeBytesPerSecond,
    utilisationPercent: own.utilisationPercent,
    averageQueue: own.averageQueue,
    stalled: own.stalled,
    flushPercent: (own.flushes * (own.flushLatencyMs ?? 0)) / seconds / 10,
    ...(own.discardPercent !== undefined && { discardPercent: own.discardPercent }),
    siblingsLatencyMs,
    timesSiblings: disk.rebuilding ? undefined : timesSiblings,
    unlikeSiblings: (timesSiblings ?? 0) >= 5 && (measured ?? 0) >= unlikeSiblingsFromMs[disk.kind] && (own.completed >= 2 * enoughIos || own.utilisationPercent >= 2 * busyPercent) && !disk.rebuilding,
    timedReadMs: timed,
    othersTimedReadMs: others,
    timesOthers: timed !== undefined && others !== undefined ? timed / Math.max(others, 0.1) : undefined,
    timesAllOthers: timed !== undefined && allOthers !== undefined ? timed / Math.max(allOthers, 0.1) : undefined,
    timedReadErrors: reads.get(disk.name)?.errors ?? 0,
    timedReadStuck: reads.get(disk.name)?.stuck ?? false,
  };
  return Object.fromEntries(Object.entries(pace).filter(([, value]) => value !== undefined)) as DiskPace;
}

export default defineFact({
  id: 'disk-comparison',
  title: 'Pace of each disk beside its siblings',
  needs: { activity: diskActivity, disks, reads: optional(timedReads), pressure: optional(pressureNow) },
  schema: z.object({ disks: z.array(paceSchema) }),
  derive: ({ activity, disks: known, reads, pressure }) => {
    const starved = (pressure?.cpu.somePercent ?? 0) >= starvedPercent;
    const active = new Map(activity.devices.map((device) => [device.name, device]));
    const timed = new Map((reads?.disks ?? []).map((disk) => [disk.name, disk]));
    return { disks: known.disks.map((disk) => paceOf(disk, known.disks, active, timed, activity.intervalSeconds, starved)).filter((pace) => pace !== undefined) };
  },
  examples: [
    {
      name: 'one half of a mirror is twelve times as slow as the other',
      given: { activity: during(busy('sda', 60, 240, 100), busy('sdb', 60, 20, 60)), disks: { disks: twoDisks } },
      expect: { disks: [{ name: 'sda', latencyMs: 240, siblingsLatencyMs: 20, timesSiblings: 12, unlikeSiblings: true }, { name: 'sdb', latencyMs: 20, siblingsLatencyMs: 240 }] },
    },
    {
      name: 'a rebuild: the new disk writes while the other reads',
      given: { activity: during(busy('sda', 60, 240, 100), busy('sdb', 60, 20, 60)), disks: { disks: twoDisks.map((disk) => ({ ...disk, rebuilding: true })) } },
      expect: { disks: [{ name: 'sda', latencyMs: 240, unlikeSiblings: false }, { unlikeSiblings: false }] },
    },
    {
      name: 'a disk so slow that three I/Os a second keep it busy all the time, beside its half of the mirror',
      given: { activity: during(busy('sda', 3, 650, 98), busy('sdb', 3, 9, 3)), disks: { disks: twoDisks } },
      expect: { disks: [{ name: 'sda', latencyMs: 650, siblingsLatencyMs: 9, unlikeSiblings: true }, { name: 'sdb' }] },
    },
    {
      name: 'too few I/Os to compare; our own reads compare',
      given: {
        activity: during(busy('sda', 1, 400, 10), busy('sdb', 60, 20, 60)),
        disks: { disks: twoDisks },
        reads: { disks: [{ name: 'sda', milliseconds: [300, 250, 280], errors: 1, stuck: false }, { name: 'sdb', milliseconds: [9, 14, 12], errors: 0, stuck: false }] },
      },
      expect: { disks: [{ name: 'sda', timedReadMs: 280, othersTimedReadMs: 12, timedReadErrors: 1 }, { timedReadMs: 12 }] },
    },
    {
      name: 'a spare disk whose heads were parked: only the first read took long',
      given: {
        activity: during(busy('sda', 0, 0, 0), busy('sdb', 60, 20, 60)),
        disks: { disks: twoDisks },
        reads: { disks: [{ name: 'sda', milliseconds: [780, 12], errors: 0, stuck: false }, { name: 'sdb', milliseconds: [9, 14], errors: 0, stuck: false }] },
      },
      expect: { disks: [{ name: 'sda', timedReadMs: 12 }, { timedReadMs: 9 }] },
    },
  ],
});
