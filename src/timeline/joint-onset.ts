import { shortestInterval, type Onset, type OnsetCell, type OnsetInterval } from './onset.ts';

/** One series in the light of the onset of all. */
export interface Participant {
  /** Index in what was given. */
  readonly index: number;
  readonly onset: Onset;
  /** That its change belongs to the onset of all, and is no other. */
  readonly probability: number;
  /** Its change less the onset of all, both as most probable; negative where it came first. */
  readonly lagMs: number;
}

/** When a set of series began to change. */
export interface JointOnset {
  readonly atMs: number;
  readonly interval: OnsetInterval;
  /** Those with a change, by probability, then by lag. */
  readonly participants: readonly Participant[];
}

export interface JointOnsetOptions {
  /** Probability that the interval holds at least. */
  readonly probability?: number;
  /** How long a series typically takes to follow. */
  readonly lagMs?: number;
}

const fiveMinutesMs = 300_000;
/** That a series with a change takes part at all. */
const takesPart = 0.5;
/** Of those that take part, how many follow at once; the others take their time. */
const atOnce = 0.7;
/** The grid of times on which the onset is sought has at most so many points. */
const mostTimes = 2000;

/** Share of changes that lie before `delayMs` after the onset: at once within about `jitterMs` to either side, or later by an exponential time. */
function delayed(delayMs: number, jitterMs: number, lagMs: number): number {
  const laplace = delayMs < 0 ? Math.exp(delayMs / jitterMs) / 2 : 1 - Math.exp(-delayMs / jitterMs) / 2;
  return atOnce * laplace + (1 - atOnce) * (delayMs < 0 ? 0 : -Math.expm1(-delayMs / lagMs));
}

/** How much more probable the change of a series is if the set begins at a time than if it had nothing to do with it (uniform over all the time). */
function supportOf(cells: readonly OnsetCell[], atMs: number, spanMs: number, jitterMs: number, lagMs: number): number {
  return cells.reduce((sum, { fromMs, toMs, mass }) => sum + (mass * spanMs * (delayed(toMs - atMs, jitterMs, lagMs) - delayed(fromMs - atMs, jitterMs, lagMs))) / Math.max(toMs - fromMs, 1), 0);
}

function gridOf(all: readonly (readonly OnsetCell[])[]): OnsetCell[] {
  const edges = [...new Set(all.flatMap((cells) => cells.flatMap(({ fromMs, toMs }) => [fromMs, (fromMs + toMs) / 2, toMs])))].sort((a, b) => a - b);
  const every = Math.ceil(edges.length / mostTimes);
  const kept = edges.filter((_, index) => index % every === 0 || index === edges.length - 1);
  return kept.slice(1).map((toMs, index) => ({ fromMs: kept[index]!, toMs, mass: 0 }));
}

/**
 * One onset for a set of series: at each time, each series either takes part, at once or with a lag, or changed for reasons of its own; series without a change say nothing. Uniform prior over the
 * time that is covered. `given` holds an onset for each series, or undefined where it has none; `spanMs` is the time that the series cover.
 */
export function combineOnsets(given: readonly (Onset | undefined)[], spanMs: number, { probability = 0.9, lagMs = fiveMinutesMs }: JointOnsetOptions = {}): JointOnset | undefined {
  const changed = given.flatMap((onset, index) => (onset === undefined ? [] : [{ index, onset, cells: onset.cells.filter(({ mass }) => mass >= 1e-4) }]));
  const [only] = changed;
  if (only === undefined) return undefined;
  if (changed.length === 1) return { atMs: only.onset.atMs, interval: only.onset.interval, participants: [{ index: only.index, onset: only.onset, probability: 1, lagMs: 0 }] };
  // Samples of different series are taken at different times: a jitter of half a cell of the series at hand.
  const jitterOf = (cells: readonly OnsetCell[]): number => Math.max(cells.reduce((least, { fromMs, toMs }) => Math.min(least, toMs - fromMs), Infinity) / 2, 1);
  const supports = changed.map(({ cells }) => (atMs: number): number => supportOf(cells, atMs, spanMs, jitterOf(cells), lagMs));
  const grid = gridOf(changed.map(({ cells }) => cells));
  const logs = grid.map(({ fromMs, toMs }) => Math.log(Math.max(toMs - fromMs, 1)) + supports.reduce((sum, support) => sum + Math.log(1 - takesPart + takesPart * support((fromMs + toMs) / 2)), 0));
  const most = logs.reduce((max, log) => Math.max(max, log), -Infinity);
  const total = logs.reduce((sum, log) => sum + Math.exp(log - most), 0);
  const cells = grid.map((cell, index) => ({ ...cell, mass: Math.exp(logs[index]! - most) / total }));
  const interval = shortestInterval(cells, Math.min(probability, cells.reduce((sum, { mass }) => sum + mass, 0)));
  if (interval === undefined) return undefined;
  const density = ({ fromMs, toMs, mass }: OnsetCell): number => mass / (toMs - fromMs);
  const likeliest = cells.reduce((best, cell) => (density(cell) > density(best) ? cell : best));
  const participants = changed.map(({ index, onset }, at): Participant => {
    const taken = cells.reduce((sum, { fromMs, toMs, mass }) => {
      const support = mass < 1e-6 ? 0 : takesPart * supports[at]!((fromMs + toMs) / 2);
      return sum + (mass * support) / (1 - takesPart + support);
    }, 0);
    return { index, onset, probability: Math.min(taken, 1), lagMs: onset.atMs - likeliest.toMs };
  });
  return { atMs: likeliest.toMs, interval, participants: participants.sort((a, b) => b.probability - a.probability || a.lagMs - b.lagMs) };
}
