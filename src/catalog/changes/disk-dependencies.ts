import type { DependencyNode, Load } from '../../define/dependency-graph.ts';
import { ownMetrics, rateOf } from '../../define/history.ts';
import type { Series } from '../../define/series.ts';
import type { DeviceActivity } from '../disk/disk-activity.fact.ts';
import type { DiskCounters } from '../disk/disk-stats.probe.ts';
import type { Disk } from '../disk/disks.fact.ts';
import { costOf, isLongEnough, rateBefore, usualBefore, type Counted } from './load-before.ts';

/** Fewer requests since the boot give no mean latency: they are those of the boot itself. */
const enoughSinceBoot = 200;
/** Enough in the window: so many requests, or so few that kept the device busy a third of it. */
const enoughInWindow = 20;
const enoughWhenBusy = 5;
const busyPercent = 30;
/** Counters of milliseconds are 32 bits wide; in half of that time they cannot wrap with less than two requests of a kind always under way. */
const wrapsAfterSeconds = 2 ** 31 / 1_000;
const sectorBytes = 512;

export interface DeviceLoad {
  readonly before: Load;
  readonly after: Load;
  readonly beforeFrom: NonNullable<DependencyNode['beforeFrom']>;
  /** Requests under way on average. Before: left out where it is not known. */
  readonly waitingBefore?: number | undefined;
  readonly waitingAfter: number;
}

export function countersOf(counters: DiskCounters): Counted {
  return { reads: counters.reads, writes: counters.writes, readBytes: counters.readSectors * sectorBytes, writtenBytes: counters.writeSectors * sectorBytes };
}

export function costNow(of: DeviceActivity): number {
  return costOf({ reads: of.readsPerSecond, writes: of.writesPerSecond, readBytes: of.readBytesPerSecond, writtenBytes: of.writeBytesPerSecond });
}

function latencyNow(of: DeviceActivity, windowSeconds: number): number | undefined {
  if (of.stalled) return windowSeconds;
  const enough = of.completed >= enoughInWindow || (of.completed >= enoughWhenBusy && of.utilisationPercent >= busyPercent);
  return enough && of.latencyMs !== undefined ? of.latencyMs / 1_000 : undefined;
}

export interface DeviceReadings {
  readonly counters: DiskCounters;
  readonly activity: DeviceActivity;
  readonly windowSeconds: number;
  readonly uptimeSeconds: number;
  readonly history: readonly Series[];
  readonly onsetMs: number | undefined;
}

/** A block device before and now: by the means since the boot; latency by samples that somebody kept where there are any, work by these where the boot is a moment ago (then in bytes alone). */
export function deviceLoad({ counters, activity, windowSeconds, uptimeSeconds, history, onsetMs }: DeviceReadings): DeviceLoad | undefined {
  const kept = (metric: string): Series | undefined => history.find((one) => one.metric === metric && one.labels['device'] === counters.name);
  const keptLatency = usualBefore(kept(ownMetrics.diskAwait), onsetMs);
  const secondsEach = latencyNow(activity, windowSeconds);
  const keptWaiting = rateBefore([kept(rateOf('node_disk_io_time_weighted_seconds_total'))], onsetMs);
  const waitingAfter = activity.averageQueue;
  const busyNow = Math.min(1, activity.utilisationPercent / 100);
  if (!isLongEnough(uptimeSeconds, windowSeconds)) {
    const bytes = rateBefore([kept(rateOf('node_disk_read_bytes_total')), kept(rateOf('node_disk_written_bytes_total'))], onsetMs);
    if (bytes === undefined) return undefined;
    const after = { workPerSecond: activity.readBytesPerSecond + activity.writeBytesPerSecond, secondsEach };
    return { before: { workPerSecond: bytes, secondsEach: keptLatency }, after, beforeFrom: 'history', waitingBefore: keptWaiting, waitingAfter };
  }
  const requests = counters.reads + counters.writes;
  const timesKnown = uptimeSeconds <= wrapsAfterSeconds;
  const meanSeconds = timesKnown && requests >= enoughSinceBoot ? (counters.readMilliseconds + counters.writeMilliseconds) / requests / 1_000 : undefined;
  const busyShare = timesKnown ? Math.min(1, counters.ioMilliseconds / 1_000 / uptimeSeconds) : undefined;
  return {
    before: { workPerSecond: costOf(countersOf(counters)) / uptimeSeconds, secondsEach: keptLatency ?? meanSeconds, busyShare },
    after: { workPerSecond: costNow(activity), secondsEach, busyShare: busyShare === undefined ? undefined : busyNow },
    beforeFrom: keptLatency === undefined ? 'since boot' : 'history',
    waitingBefore: keptWaiting ?? (timesKnown ? counters.weightedMilliseconds / 1_000 / uptimeSeconds : undefined),
    waitingAfter,
  };
}

/** Where data lies: a pool, an array, a file system, or a disk by itself; with the disks below. */
export interface Place {
  readonly id: string;
  readonly disks: readonly Disk[];
}

/** Pools and arrays by their data disks (logs and caches have other work), and the file systems that lie on disks of their own. */
export function placesOf(disks: readonly Disk[]): Place[] {
  const places = new Map<string, Disk[]>();
  for (const disk of disks) {
    const pools = disk.uses.filter(({ role }) => role === 'data').map(({ pool }) => `storage/${pool}`);
    const filesystems = disk.mountpoints.filter((path) => path.startsWith('/')).map((path) => `filesystem/${path}`);
    for (const id of new Set([...pools, ...filesystems])) places.set(id, [...(places.get(id) ?? []), disk]);
  }
  return [...places].map(([id, of]) => ({ id, disks: of }));
}

/** The work of the disks below added up, their latency as the mean over their work. */
function together(loads: readonly Load[], weights: readonly number[]): Load {
  const workPerSecond = loads.reduce((sum, load) => sum + load.workPerSecond, 0);
  const weight = weights.reduce((sum, one) => sum + one, 0);
  const weighed = (key: 'secondsEach' | 'busyShare', by: (index: number) => number, all: number): number | undefined =>
    loads.length > 0 && all > 0 && loads.every((load) => load[key] !== undefined) ? loads.reduce((sum, load, index) => sum + load[key]! * by(index), 0) / all : undefined;
  return { workPerSecond, secondsEach: weighed('secondsEach', (index) => weights[index]!, weight), busyShare: weighed('busyShare', () => 1, loads.length) };
}

/** A place as a node above its disks: those that tell their latency at both times, of which its own is the mean. Disks that had too little to do say nothing of that. */
export function placeNode({ id, disks }: Place, loadOf: ReadonlyMap<string, DeviceLoad>, comparable: boolean): DependencyNode | undefined {
  const known = disks.flatMap((disk) => loadOf.get(disk.name) ?? []);
  if (known.length < disks.length || known.length === 0) return undefined;
  const isTimed = ({ before, after }: DeviceLoad): boolean => before.secondsEach !== undefined && after.secondsEach !== undefined;
  const timed = known.filter(isTimed);
  const timedDisks = disks.filter(({ name }) => isTimed(loadOf.get(name)!));
  // The same weights at both times, as the shares of its disks are weighed: what changes is how long they take, not which of them is asked.
  const weights = timed.map(({ before, after }) => (before.workPerSecond + after.workPerSecond) / 2);
  const of = (key: 'before' | 'after'): Load => {
    const all = together(known.map((one) => one[key]), known.map(() => 1));
    return { ...all, secondsEach: together(timed.map((one) => one[key]), weights).secondsEach };
  };
  return { id, dependsOn: comparable ? (timedDisks.length > 0 ? timedDisks : disks).map(({ object }) => object) : [], before: of('before'), after: of('after'), beforeFrom: known[0]!.beforeFrom };
}
