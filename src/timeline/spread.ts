import { median } from '../lib/averages.ts';

/** The value below which this share of ascending values lies, between two of them by proportion; 0 of nothing. */
export function quantileOfSorted(sorted: ArrayLike<number>, share: number): number {
  const place = share * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(place)] ?? 0, sorted[Math.ceil(place)] ?? 0];
  return low + (high - low) * (place - Math.floor(place));
}

export function sorted(values: ArrayLike<number>): Float64Array {
  return Float64Array.from(values).sort();
}

/** Shares of the values left out at each end, and how many standard deviations wide the rest of a normal distribution is. */
const widths = [
  { share: 0.25, deviations: 1.349 },
  { share: 0.05, deviations: 3.29 },
];
const tailWidths = [
  { share: 0.005, deviations: 5.152 },
  { share: 0.0005, deviations: 6.581 },
];

const spreadBy = (by: typeof widths, ascending: ArrayLike<number>): number =>
  by.reduce((most, { share, deviations }) => Math.max(most, (quantileOfSorted(ascending, 1 - share) - quantileOfSorted(ascending, share)) / deviations), 0);

/** A robust standard deviation: the larger of what the middle half and the middle nine tenths of the values say. 0 for a constant. */
export function robustSpread(ascending: ArrayLike<number>): number {
  return spreadBy(widths, ascending);
}

/**
 * A standard deviation that also answers for the tails: as large as a normal distribution needs whose quantiles at 25, 5, 0.5 and 0.05 percent from each end lie as far apart as those of the values.
 * So a metric that leaps now and then is not called unusual for it, and one wild value in thousands does not count.
 */
export function tailSpread(ascending: ArrayLike<number>): number {
  return Math.max(robustSpread(ascending), spreadBy(tailWidths, ascending));
}

/** Makes the median absolute deviation a standard deviation where the values are Gaussian: 1 / Φ⁻¹(3/4). */
const gaussianFactor = 1.4826;

/** Robust standard deviation: 1.4826 times the median absolute deviation; 0 of nothing and where more than half are equal. */
export function robustDeviation(values: readonly number[], centre = median(values) ?? 0): number {
  return gaussianFactor * (median(values.map((value) => Math.abs(value - centre))) ?? 0);
}

/** Running median over `2 · reach + 1` samples, fewer at the ends. */
export function runningMedian(values: readonly number[], reach: number): number[] {
  return values.map((_, at) => median(values.slice(Math.max(0, at - reach), at + reach + 1)) ?? 0);
}

/**
 * Brings in what stands out alone (F. R. Hampel's filter): a value further from the median of its neighbours than `limit` robust standard deviations of all such distances is moved to that
 * limit. Steps stay as they are, since a running median keeps them; whatever lasts for up to `reach` samples is an outlier.
 */
export function withoutOutliers(values: readonly number[], reach: number, limit = 3): number[] {
  const level = runningMedian(values, reach);
  const bound = limit * robustDeviation(values.map((value, at) => value - level[at]!), 0);
  return values.map((value, at) => Math.min(Math.max(value, level[at]! - bound), level[at]! + bound));
}
