import { tooNoisy, type Finding } from '../../define/experiment.ts';
import { countIn, words } from '../../lib/host-text.ts';
import { median } from '../../lib/averages.ts';
import { estimate, geometricEstimate, type Estimate } from '../../lib/paired.ts';
import { starvedBetween } from './cpu-wait.ts';
import { busyBytesPerSecond, idleReadLimitMs, leastIosPerSecond, ms, unlikeSiblingsFromMs } from './disk-limits.ts';
import type { Disk } from './disks.fact.ts';
import { secondsIn } from './visits-by-turns.ts';

type Kind = Disk['kind'];
const sectorBytes = 512;
/** The heads of a mechanical disk are nowhere within this time; what comes sooner is from its cache. (At 15 000 turns a minute, half a turn takes 2 ms.) */
const soonestMs = 1;
/** Time that dd takes without a disk from which our reads may have waited for a processor. */
const starvedMs = 5;

interface Read {
  readonly ms: number;
  /** What came is not all zeros: such a block is surely stored somewhere, and was not made up for one that was trimmed or never written. */
  readonly stored: boolean;
  readonly wallMs: number;
  /** I/Os of others that ended meanwhile, their sectors, and discards among them; undefined where the kernel does not count. */
  readonly others: number | undefined;
  readonly sectors: number;
  readonly discards: number;
}

interface Measured {
  readonly name: string;
  readonly object: string;
  readonly kind: Kind;
  readonly group: string;
  readonly reads: Read[];
  errors: number;
  stuck: boolean;
}

export interface Measurements {
  readonly disks: readonly Measured[];
  /** Tasks waited for a processor in so much of the time that it may have been what our reads waited for. */
  readonly starved: boolean;
}

const kinds: readonly string[] = ['hdd', 'ssd', 'nvme', 'virtual', 'unknown'];

function diskOf([, name = '', object = '', kind = '', group = '']: readonly string[]): Measured[] {
  return /^[a-z]\w{1,30}$/.test(name) && object.startsWith('disk/') && kinds.includes(kind) ? [{ name, object, kind: kind as Kind, group, reads: [], errors: 0, stuck: false }] : [];
}

function readOf([, , seconds, stored, others, sectors, discards, wall]: readonly string[]): Read | undefined {
  const took = secondsIn(seconds);
  if (took === undefined) return undefined;
  return { ms: Math.max(took * 1_000, 0.001), stored: (countIn(stored) ?? 0) > 0, wallMs: countIn(wall) ?? 0, others: countIn(others), sectors: countIn(sectors) ?? 0, discards: countIn(discards) ?? 0 };
}

function isStarved(rows: readonly (readonly string[])[]): boolean {
  const control = rows.filter(([kind]) => kind === 'control').map(([, seconds]) => (secondsIn(seconds) ?? 0) * 1_000).toSorted((a, b) => a - b);
  return starvedBetween(rows) || (control[Math.floor(control.length / 2)] ?? 0) >= starvedMs;
}

export function measurementsOf(stdout: string): Measurements {
  const rows = stdout.split('\n', 2_000).map((line) => words(line.slice(0, 300)));
  const disks = rows.filter(([kind]) => kind === 'disk').slice(0, 64).flatMap(diskOf);
  const named = new Map(disks.map((disk) => [disk.name, disk]));
  for (const row of rows) {
    const disk = named.get(row[1] ?? '');
    if (disk === undefined) continue;
    if (row[0] === 'stuck') disk.stuck = true;
    if (row[0] !== 'read') continue;
    const read = readOf(row);
    if (read !== undefined) disk.reads.push(read);
    else if (row[2] === 'error') disk.errors += 1;
  }
  // The first read may wake the link or bring the heads back.
  for (const disk of disks) disk.reads.shift();
  return { disks, starved: isStarved(rows) };
}

/** Reads that the medium must have answered. */
const fromMedium = ({ kind, reads }: Measured): Read[] => reads.filter((read) => (kind === 'hdd' ? read.ms >= soonestMs : read.stored));

/**
 * Mean of the times in ms with a 95 % confidence interval: of the reads that the medium answered, where there are enough of these. Times of a queue lie about a mean, those of a quick disk spread over
 * orders of magnitude: the lower end is the better one of the arithmetic and the geometric mean, so that neither one quick read in a row of late ones nor one late read among quick ones decides.
 */
function timesOf(disk: Measured): Estimate | undefined {
  const sure = fromMedium(disk);
  const times = (sure.length >= 3 ? sure : disk.reads).map((read) => read.ms);
  const [plain, geometric] = [estimate(times), geometricEstimate(times)];
  return plain && geometric && { mean: plain.mean, low: Math.max(plain.low, geometric.low), high: Math.max(geometric.high, plain.mean) };
}

interface Work {
  readonly iosPerSecond: number;
  readonly isMuch: boolean;
}

/** What the disk got done for others while it answered us. */
function workOf({ kind, reads }: Measured): Work | undefined {
  const seconds = reads.reduce((sum, read) => sum + read.wallMs, 0) / 1_000;
  if (seconds <= 0 || reads.some((read) => read.others === undefined)) return undefined;
  const iosPerSecond = reads.reduce((sum, read) => sum + (read.others ?? 0), 0) / seconds;
  const bytesPerSecond = (reads.reduce((sum, read) => sum + read.sectors, 0) * sectorBytes) / seconds;
  return { iosPerSecond, isMuch: iosPerSecond >= leastIosPerSecond[kind] || bytesPerSecond >= busyBytesPerSecond || reads.some((read) => read.discards > 0) };
}

function outcomeOf(disk: Measured, { disks, starved }: Measurements): string {
  if (disk.stuck) return 'no answer';
  if (disk.errors > 0) return 'a read failed';
  const own = timesOf(disk);
  if (own === undefined) return tooNoisy;
  const limit = idleReadLimitMs[disk.kind];
  const others = disks.filter((one) => one !== disk);
  const siblings = others.filter((one) => one.group === disk.group && one.kind === disk.kind);
  const everybody = median(others.flatMap((one) => timesOf(one)?.high ?? []));
  if (starved && own.high >= limit && !(own.low >= 3 * (everybody ?? Infinity))) return tooNoisy;
  const work = workOf(disk);
  const theirs = median(siblings.flatMap((one) => timesOf(one)?.high ?? []));
  const theirWork = Math.max(0, ...siblings.map((one) => workOf(one)?.iosPerSecond ?? 0));
  const worksMore = (work?.iosPerSecond ?? 0) > 3 * theirWork + 10;
  if (theirs !== undefined && own.low >= 5 * theirs && own.low >= unlikeSiblingsFromMs[disk.kind] && !worksMore) return 'unlike its siblings';
  if (own.low >= limit && work !== undefined) {
    if (work.isMuch) return 'slow under much work';
    return siblings.length > 0 && siblings.every((one) => one.stuck || (timesOf(one)?.low ?? 0) >= limit) ? 'as slow as its siblings' : 'slow with little to do';
  }
  return own.high < limit && fromMedium(disk).length >= 3 ? 'quick' : tooNoisy;
}

export function findingOf(disk: Measured, all: Measurements): Finding {
  const outcome = outcomeOf(disk, all);
  const { name, object, reads } = disk;
  const who = `${object.slice(5)} (${name})`;
  if (outcome === 'no answer') return { object, outcome, says: `A small read of ${who} did not end within 10 s.` };
  if (outcome === 'a read failed') return { object, outcome, says: `${disk.errors} of ${disk.errors + reads.length + 1} small reads of ${who} failed.` };
  const times = reads.map((read) => read.ms).toSorted((a, b) => a - b);
  const work = workOf(disk);
  const beside = median(all.disks.filter((one) => one !== disk && one.group === disk.group).flatMap((one) => timesOf(one)?.mean ?? []));
  const own = timesOf(disk);
  const says = [
    `${times.length} small reads spread over ${who} took ${ms(median(times))} in the middle, ${ms(times[0])} to ${ms(times.at(-1))}`,
    own && fromMedium(disk).length >= 3 ? ` (what the medium itself answered: ${ms(own.mean)}, 95 % between ${ms(own.low)} and ${ms(own.high)})` : '',
    fromMedium(disk).length < 3 ? `; ${fromMedium(disk).length === 0 ? 'none' : `only ${fromMedium(disk).length}`} of these surely came from the medium` : '',
    beside === undefined ? '' : `; those of its siblings ${ms(beside)}`,
    work === undefined ? '' : `; ${work.iosPerSecond.toFixed(0)} other I/Os a second ended meanwhile`,
  ];
  return { object, outcome, says: `${says.join('')}.` };
}
