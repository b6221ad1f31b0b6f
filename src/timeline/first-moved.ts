import type { Samples } from './rates.ts';
import type { UsualRange } from './usual-range.ts';

/** Between which times a metric left its usual range: it was still in it at the first, and out at the second. */
export interface Moved {
  readonly afterMs: number;
  readonly byMs: number;
}

/** A sample back in the usual range takes back so many outside. */
const weightInside = 2;

/**
 * The earliest time from which on a metric stays out of its usual range on this side: where the samples outside, less twice those inside, counted from there to the end, are most (the start of a cumulative
 * sum's last climb, E. S. Page 1954). Undefined if it is not outside at the end of the series for good.
 */
export function movedForGood(samples: Samples, usual: UsualRange, side: 'up' | 'down'): Moved | undefined {
  let [sum, most, from] = [0, 0, -1];
  for (let at = samples.timesMs.length - 1; at >= 0; at--) {
    const outside = usual.sideOf(samples.timesMs[at]!, samples.values[at]!) === side;
    sum += outside ? 1 : -weightInside;
    if (sum >= most && outside) [most, from] = [sum, at];
  }
  if (from < 0) return undefined;
  return { afterMs: samples.timesMs[from - 1] ?? samples.timesMs[from]!, byMs: samples.timesMs[from]! };
}
