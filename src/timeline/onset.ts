import { mean, median } from '../lib/averages.ts';
import type { Series } from '../define/series.ts';
import { findChangePoints, type ChangePoints } from './change-points.ts';
import { ratioOf } from './deviations.ts';
import { runStartPosterior, type LevelPrior, type NoiseOfOneMemory } from './run-length.ts';
import { withoutSeason, type Deseasoned, type Season } from './seasonal-profile.ts';

/** A time between two samples in which the change may lie, and how probable that is. */
export interface OnsetCell {
  readonly fromMs: number;
  readonly toMs: number;
  readonly mass: number;
}

/** From when to when something began, and with what probability. */
export interface OnsetInterval {
  readonly fromMs: number;
  readonly toMs: number;
  /** At least what was asked for; samples are not divided. */
  readonly probability: number;
}

/** The last relevant change of level of a series. */
export interface Onset {
  /** The first sample after it, as most probable. */
  readonly atMs: number;
  readonly interval: OnsetInterval;
  /** Where in time it may lie; masses sum to 1. */
  readonly cells: readonly OnsetCell[];
  /** Typical values before and after, in the unit of the series. */
  readonly before: number;
  readonly after: number;
  /** After less before, season and line taken out. */
  readonly difference: number;
  /** The same in robust standard deviations of the values before; undefined where these never moved. */
  readonly deviations: number | undefined;
  /** The level changed again then, less; undefined where it has stayed. */
  readonly untilMs: number | undefined;
  readonly seasonRemoved: Season;
  /** Of the line that was taken out, in the unit of the series an hour; 0 where there was none. */
  readonly slopePerHour: number;
}

export interface OnsetOptions {
  /** Probability that the interval holds at least. */
  readonly probability?: number;
}

/** A change counts from so many robust standard deviations of what was before. */
const leastDeviations = 2;
/** And from this share of the largest change that was found. */
const leastShare = 0.25;
/** So many samples on either side say where a change lies. */
const reach = 400;

/** The shortest stretch of neighbouring cells that holds the probability. */
export function shortestInterval(cells: readonly OnsetCell[], probability: number): OnsetInterval | undefined {
  let best: OnsetInterval | undefined;
  let [first, held] = [0, 0];
  for (const [last, cell] of cells.entries()) {
    held += cell.mass;
    for (; first < last && held - cells[first]!.mass >= probability - 1e-9; first++) held -= cells[first]!.mass;
    const { fromMs } = cells[first]!;
    if (held >= probability - 1e-9 && (best === undefined || cell.toMs - fromMs < best.toMs - best.fromMs)) best = { fromMs, toMs: cell.toMs, probability: Math.min(held, 1) };
  }
  return best;
}

/** Noise around the level before and that after, as one with a memory of one sample; least squares, corrected for the two levels that were taken from the same values. */
function noiseAround(values: readonly number[], change: number): NoiseOfOneMemory {
  const stretches = [values.slice(0, change), values.slice(change)];
  const residuals = stretches.flatMap((stretch) => {
    const level = mean(stretch);
    return stretch.map((value) => value - level);
  });
  const count = residuals.length;
  const squares = residuals.reduce((sum, value) => sum + value * value, 0);
  const products = residuals.reduce((sum, value, at) => sum + value * (at === 0 || at === change ? 0 : residuals[at - 1]!), 0);
  // M. G. Kendall 1954: a memory is seen too short by (1 + 3 φ) / n for each mean.
  const seen = squares > 0 ? products / squares : 0;
  const memory = Math.min(Math.max((seen + 2 / count) / Math.max(1 - 6 / count, 0.1), 0), 0.98);
  return { memory: seen <= 2 / Math.sqrt(count) ? 0 : memory, innovationVariance: (squares / Math.max(count - 3, 1)) * (1 - (seen <= 2 / Math.sqrt(count) ? 0 : memory) ** 2) };
}

/** Where the run that lasts to the end of the values began, a mass for each index; `change` is where it is thought to have. */
function whereItBegan(values: readonly number[], change: number): number[] {
  const spread = values.reduce((sum, value) => Math.max(sum, Math.abs(value)), 0);
  const noise = noiseAround(values, change);
  const innovationVariance = Math.max(noise.innovationVariance, spread * spread * 1e-9, Number.MIN_VALUE);
  const prior: LevelPrior = { mean: mean(values), variance: Math.max(spread * spread, innovationVariance) };
  const posterior = runStartPosterior(values, { ...noise, innovationVariance }, prior, 1 / values.length);
  // That there is a change was found before; here it is only asked where.
  const sum = 1 - posterior[0]!;
  return sum > 1e-12 ? posterior.map((mass, start) => (start === 0 ? 0 : mass / sum)) : posterior.map((_, start) => (start === change ? 1 : 0));
}

/** Changes of level that count, with their sizes. */
function relevant(values: readonly number[], changes: readonly number[]): { readonly at: number; readonly from: number; readonly to: number; readonly difference: number; readonly deviations: number | undefined }[] {
  const all = changes.map((at, index) => {
    const [from, to] = [changes[index - 1] ?? 0, changes[index + 1] ?? values.length];
    const [earlier, later] = [values.slice(from, at), values.slice(at, to)];
    const difference = (median(later) ?? 0) - (median(earlier) ?? 0);
    return { at, from, to, difference, deviations: ratioOf(difference, earlier) };
  });
  const largest = all.reduce((most, { difference }) => Math.max(most, Math.abs(difference)), 0);
  /** Takes back less than half of the change right before it: the level stays nearer to the new than to the old, and the onset is the earlier one. */
  const settles = (index: number): boolean => {
    const [before, now] = [all[index - 1]?.difference ?? 0, all[index]!.difference];
    return before * now < 0 && Math.abs(now) < Math.abs(before) / 2;
  };
  return all.filter(({ difference, deviations }, index) => !settles(index) && difference !== 0 && Math.abs(difference) >= leastShare * largest && Math.abs(deviations ?? Infinity) >= leastDeviations);
}

/** Season and changes hide each other, so the season is told once more when the changes are known. */
function searched(timesMs: readonly number[], values: readonly number[]): { readonly season: Deseasoned; readonly found: ChangePoints } {
  const first = withoutSeason(timesMs, values);
  const before = findChangePoints(first.evened);
  if (first.season === 'none' || before.changes.length === 0) return { season: first, found: before };
  const levels = [0, ...before.changes].flatMap((start, index) => {
    const stretch = first.values.slice(start, before.changes[index] ?? values.length);
    const level = median(stretch) ?? 0;
    return stretch.map(() => level);
  });
  const season = withoutSeason(timesMs, values, levels);
  return { season, found: findChangePoints(season.evened) };
}

/** When the series came to its present level: the last relevant change, with its uncertainty and size. Undefined where there is none. Counters are to be made rates before. */
export function findOnset({ timesMs, values }: Pick<Series, 'timesMs' | 'values'>, { probability = 0.9 }: OnsetOptions = {}): Onset | undefined {
  const { season, found: points } = searched(timesMs, values);
  const { changes, slope, cleaned } = points;
  const level = (from: readonly number[]): number[] => from.map((value, at) => value - slope * at);
  const found = relevant(level(season.values), changes);
  const last = found.at(-1);
  if (last === undefined) return undefined;
  const start = Math.max(last.from, last.at - reach);
  const window = level(cleaned).slice(start, Math.min(last.to, last.at + reach));
  const middle = median(window) ?? 0;
  const masses = whereItBegan(window.map((value) => value - middle), last.at - start);
  const cells = masses.flatMap((mass, index): OnsetCell[] => (mass < 1e-6 ? [] : [{ fromMs: timesMs[start + index - 1]!, toMs: timesMs[start + index]!, mass }]));
  const interval = shortestInterval(cells, Math.min(probability, cells.reduce((sum, { mass }) => sum + mass, 0)));
  if (interval === undefined) return undefined;
  const likeliest = cells.reduce((most, cell) => (cell.mass > most.mass ? cell : most));
  const typical = (from: number, to: number): number => median(values.slice(from, to)) ?? 0;
  const stepMs = (timesMs.at(-1)! - timesMs[0]!) / (timesMs.length - 1);
  return {
    atMs: likeliest.toMs,
    interval,
    cells,
    before: typical(last.from, last.at),
    after: typical(last.at, last.to),
    difference: last.difference,
    deviations: last.deviations,
    untilMs: last.to < values.length ? timesMs[last.to] : undefined,
    seasonRemoved: season.season,
    slopePerHour: stepMs > 0 ? (slope * 3_600_000) / stepMs : 0,
  };
}
