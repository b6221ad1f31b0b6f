import type { Samples } from './rates.ts';
import { quantileOfSorted, robustSpread, sorted } from './spread.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** Fewer days tell an hour that is always so from a day that was. */
const fewestDays = 3;

/** What is usual, by the hour of the day where history allows. */
export interface Expectation {
  at(timeMs: number): number;
  /** How far values lie from that at this hour, without the tails. */
  spreadAt(timeMs: number): number;
  /** What each value of the history lies above it. */
  readonly residuals: Float64Array;
}

const hourOf = (timeMs: number): number => Math.floor((((timeMs % dayMs) + dayMs) % dayMs) / hourMs);
const middle = (values: readonly number[]): number => quantileOfSorted(sorted(values), 0.5);

const fewest = (medians: readonly (readonly number[])[]): number => Math.min(...medians.map((ofHour) => ofHour.length));

/** Between the middles of two hours by proportion, round the clock. */
function between(hours: readonly number[], timeMs: number): number {
  const place = (((timeMs % dayMs) + dayMs) % dayMs) / hourMs - 0.5 + 24;
  const [low, high] = [hours[Math.floor(place) % 24]!, hours[Math.floor(place + 1) % 24]!];
  return low + (high - low) * (place - Math.floor(place));
}

/** Medians of each hour of each day: a row an hour of the day. */
function hourlyMedians({ timesMs, values }: Samples): number[][] {
  const hours = Array.from({ length: 24 }, () => new Map<number, number[]>());
  timesMs.forEach((timeMs, index) => {
    const [day, cell] = [Math.floor(timeMs / dayMs), hours[hourOf(timeMs)]!];
    const known = cell.get(day);
    if (known === undefined) cell.set(day, [values[index]!]);
    else known.push(values[index]!);
  });
  return hours.map((cell) => [...cell.values()].map(middle));
}

/**
 * How much of what the hours of the day differ by is more than chance: 1 − (variance of an hour's median by chance) / (variance between the hours' medians), at least 0. James and Stein's
 * shrinkage with its factor estimated from the data (B. Efron and C. Morris 1973); the variance of a median of n is π/2n of that of one value.
 */
function trust(medians: readonly (readonly number[])[], centres: readonly number[], overall: number): number {
  const days = fewest(medians);
  if (days < fewestDays) return 0;
  const fromCentre = medians.flatMap((ofHour, hour) => ofHour.map((value) => value - centres[hour]!));
  const byChance = (Math.PI / 2 / days) * robustSpread(sorted(fromCentre)) ** 2;
  const seen = centres.reduce((sum, centre) => sum + (centre - overall) ** 2, 0) / (24 - 1);
  return seen > 0 ? Math.max(0, 1 - byChance / seen) : 0;
}

/**
 * What a metric usually is, by the hour of the day as far as its history shows that hours differ, else the same at all times. Without values: 0, always.
 */
export function expectationOf(samples: Samples): Expectation {
  const overall = middle(samples.values);
  const medians = hourlyMedians(samples);
  const centres = medians.map((ofHour) => (ofHour.length === 0 ? overall : middle(ofHour)));
  const weight = trust(medians, centres, overall);
  const expected = centres.map((centre) => overall + weight * (centre - overall));
  const at = (timeMs: number): number => (weight === 0 ? overall : between(expected, timeMs));
  const residuals = Float64Array.from(samples.values, (value, index) => value - at(samples.timesMs[index]!));
  const byHour = Array.from({ length: 24 }, (): number[] => []);
  residuals.forEach((residual, index) => byHour[hourOf(samples.timesMs[index]!)]!.push(residual));
  const whole = robustSpread(sorted(residuals));
  const spreads = fewest(medians) < fewestDays ? undefined : byHour.map((ofHour) => robustSpread(sorted(ofHour)));
  return { at, residuals, spreadAt: (timeMs) => spreads?.[hourOf(timeMs)] ?? whole };
}
