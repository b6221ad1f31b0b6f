import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { medianEstimate } from './paired.ts';

describe('the median with its interval', () => {
  it('takes the outermost of six to eight, and the second outermost from nine on', () => {
    expect(medianEstimate([3, 1, 2, 6, 5, 4])).toEqual({ mean: 3.5, low: 1, high: 6 });
    expect(medianEstimate([9, 1, 2, 3, 4, 5, 6, 7, 8])).toEqual({ mean: 5, low: 2, high: 8 });
    expect(medianEstimate([1, 2, 3, 4, 5])).toBeUndefined();
    expect(medianEstimate([1, 2, 3, 4, 5, Number.NaN])).toBeUndefined();
  });

  it('holds the true median in at least 95 of 100 draws', () => {
    let state = 7;
    // Minimal standard generator (Park and Miller 1988); the times are skewed, as those of writes that wait.
    const time = (): number => ((state = (state * 48_271) % 2_147_483_647), (-Math.log(state / 2_147_483_647)) ** 3);
    const median = Math.log(2) ** 3;
    for (const count of [6, 9, 12, 20]) {
      const held = Array.from({ length: 4_000 }, () => medianEstimate(Array.from({ length: count }, time))!).filter(({ low, high }) => low <= median && median <= high).length;
      expect(held / 4_000).toBeGreaterThan(0.945);
    }
  });

  it('lies between the least and the most', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), { minLength: 6, maxLength: 40 }), (values) => {
        const { low, mean, high } = medianEstimate(values)!;
        return low >= Math.min(...values) && low <= mean && mean <= high && high <= Math.max(...values);
      }),
    );
  });
});
