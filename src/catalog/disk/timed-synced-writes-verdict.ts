import { tooNoisy, type Finding } from '../../define/experiment.ts';
import { countIn, words } from '../../lib/host-text.ts';
import { geometricEstimate, type Estimate } from '../../lib/paired.ts';
import { starvedBetween } from './cpu-wait.ts';
import { kindNames, ms, unlikeSiblingsFromMs } from './disk-limits.ts';
import type { Disk } from './disks.fact.ts';
import { secondsIn } from './visits-by-turns.ts';

type Kind = Disk['kind'];

/**
 * A synced write from which commits are slow for a medium. A mechanical disk needs about two turns and seeks, 20 to 30 ms; flash with power-loss protection a tenth of a millisecond, without it one to three
 * (pveperf(1) calls fewer than 200 a second too few); a virtual disk adds what its own host does.
 */
const commitLimitMs: Readonly<Record<Kind, number>> = { hdd: 60, ssd: 4, nvme: 4, virtual: 40, unknown: 60 };
/** So many times as long, and no sound disk of the kind takes it, idle or not. */
const farTooLong = 10;

interface Place {
  readonly id: string;
  readonly object: string;
  readonly kind: Kind;
  readonly disks: readonly string[];
  readonly times: number[];
  stuck: boolean;
}

function placeOf([, id = '', object = '', kind = '', disks = '']: readonly string[]): Place[] {
  return /^t\d{1,2}$/.test(id) && /^(storage|filesystem)\//.test(object) && kind in commitLimitMs ? [{ id, object, kind: kind as Kind, disks: disks.split(',').filter((name) => name !== '-' && name !== ''), times: [], stuck: false }] : [];
}

function timeOf({ times }: Place): Estimate | undefined {
  return geometricEstimate(times);
}

const isSlow = (place: Place): boolean => place.stuck || (timeOf(place)?.low ?? 0) >= commitLimitMs[place.kind];

/** On disks that are known, and none of them the same. */
function apart(one: Place, other: Place): boolean {
  return one.disks.length > 0 && other.disks.length > 0 && !one.disks.some((name) => other.disks.includes(name));
}

function outcomeOf(place: Place, places: readonly Place[], starved: boolean): string {
  if (place.stuck) return 'no answer';
  const own = timeOf(place);
  if (own === undefined) return tooNoisy;
  const limit = commitLimitMs[place.kind];
  const others = places.filter((one) => one !== place && apart(one, place) && (one.stuck || timeOf(one) !== undefined));
  const quickest = Math.min(...others.flatMap((one) => timeOf(one)?.high ?? []));
  const alike = others.filter((one) => one.kind === place.kind).flatMap((one) => timeOf(one)?.high ?? []);
  if (own.low >= limit) {
    if (others.length > 0 && others.every(isSlow)) return 'slow like all';
    if (starved && !(own.low >= 3 * quickest && quickest < Infinity)) return tooNoisy;
    return own.low >= farTooLong * limit ? 'very slow' : 'slow';
  }
  if (alike.length > 0 && own.low >= 5 * Math.max(...alike) && own.low >= unlikeSiblingsFromMs[place.kind]) return 'slower than its like';
  return own.high < limit ? 'quick' : tooNoisy;
}

function saysOf(place: Place): string {
  const where = place.object.replace(/^filesystem\//, '').replace(/^storage\//, '');
  if (place.stuck) return `A synced write of 4 KiB to ${where} did not end within 10 s.`;
  const own = timeOf(place);
  if (own === undefined) return `Too little could be written to ${where} to tell.`;
  return `A synced write of 4 KiB to ${where}, on ${kindNames[place.kind]}, takes ${ms(own.mean)} (95 % between ${ms(own.low)} and ${ms(own.high)}, ${place.times.length} times).`;
}

/** Of the host as a whole, where it can be told of every storage. */
function ofHost(found: readonly Finding[]): Finding[] {
  if (found.length === 0 || found.some(({ outcome }) => outcome === tooNoisy)) return [];
  const count = (outcome: string): number => found.filter((one) => one.outcome === outcome).length;
  const says = found.map((one) => one.says).join(' ').slice(0, 600);
  if (count('quick') === found.length) return [{ object: 'host', outcome: 'quick', says }];
  if (count('slow like all') === found.length) return [{ object: 'host', outcome: 'slow like all', says }];
  return found.length > 1 && count('quick') > 0 ? [{ object: 'host', outcome: 'slow on some', says }] : [];
}

export function syncedWritesFindings(stdout: string): Finding[] {
  const rows = stdout.split('\n', 500).map((line) => words(line.slice(0, 500)));
  const places = rows.filter(([kind]) => kind === 'place').slice(0, 16).flatMap(placeOf);
  const byId = new Map(places.map((place) => [place.id, place]));
  for (const [kind, id = '', count, seconds] of rows) {
    const place = byId.get(id);
    if (place === undefined) continue;
    if (kind === 'stuck') place.stuck = true;
    const [writes, took] = [countIn(count) ?? 0, secondsIn(seconds)];
    if (kind === 'wrote' && writes > 0 && took !== undefined && took > 0) place.times.push((took * 1_000) / writes);
  }
  const starved = starvedBetween(rows);
  const found = places.map((place): Finding => ({ object: place.object, outcome: outcomeOf(place, places, starved), says: saysOf(place) }));
  return [...found, ...ofHost(found)];
}
