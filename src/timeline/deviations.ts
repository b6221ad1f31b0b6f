import { median } from '../lib/averages.ts';
import { robustDeviation } from './spread.ts';

/** Distance of the 95th from the 5th percentile of a Gaussian, in standard deviations. */
const percentileDistance = 3.29;
/** What differs by less than this share of the level is no movement worth the name. */
const leastShareOfLevel = 0.01;

/**
 * How many robust standard deviations of the values before a difference is. Values that hardly move would make anything look large: their deviation counts at least as much as their 5th and
 * 95th percentile and one hundredth of their level suggest. Undefined where all are 0.
 */
export function ratioOf(difference: number, before: readonly number[]): number | undefined {
  const sorted = before.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? 0;
  const deviation = Math.max(robustDeviation(before), (at(0.95) - at(0.05)) / percentileDistance, leastShareOfLevel * Math.abs(median(before) ?? 0));
  return deviation > 0 ? difference / deviation : undefined;
}
