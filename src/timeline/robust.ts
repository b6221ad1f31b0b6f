import { median } from '../lib/averages.ts';

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
