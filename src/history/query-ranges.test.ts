import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { queryRanges } from './query-ranges.ts';

describe('queryRanges', () => {
  it('asks once where once is enough', () => {
    expect(queryRanges(0, 3_600_000, 60)).toEqual([{ fromSeconds: 0, toSeconds: 3600 }]);
    expect(queryRanges(5000, 5000, 60)).toEqual([{ fromSeconds: 5, toSeconds: 5 }]);
  });

  it('covers each step of the whole span once, on one grid, in parts that a server answers', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 40 }), fc.integer({ min: 0, max: 90_000 }), fc.integer({ min: 1, max: 3600 }), fc.integer({ min: 0, max: 999 }), (fromMs, steps, stepSeconds, restMs) => {
        const ranges = queryRanges(fromMs, fromMs + steps * stepSeconds * 1000 + Math.min(restMs, stepSeconds * 1000 - 1), stepSeconds);
        let points = 0;
        for (const [index, { fromSeconds, toSeconds }] of ranges.entries()) {
          const count = (toSeconds - fromSeconds) / stepSeconds + 1;
          expect(count).toBeCloseTo(Math.round(count), 4);
          expect(count).toBeLessThanOrEqual(11_000);
          if (index > 0) expect(fromSeconds - ranges[index - 1]!.toSeconds).toBeCloseTo(stepSeconds, 3);
          points += Math.round(count);
        }
        expect(ranges[0]!.fromSeconds).toBe(fromMs / 1000);
        expect(points).toBe(steps + 1);
      }),
    );
  });

  it.each([[1, 0, 60], [0, 1, 0], [0, 1, -1], [0, 1, Number.NaN], [0, Number.POSITIVE_INFINITY, 1]])('refuses %d to %d by %d', (from, to, step) => {
    expect(() => queryRanges(from, to, step)).toThrow(RangeError);
  });
});
