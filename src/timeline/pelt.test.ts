import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pelt } from './pelt.ts';

function squaredError(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
}

function costOf(values: readonly number[], changes: readonly number[], penalty: number): number {
  return [0, ...changes].reduce((sum, start, index) => sum + squaredError(values.slice(start, changes[index] ?? values.length)), penalty * changes.length);
}

/** The least cost by trying every segmentation with stretches of at least the given length. */
function leastCost(values: readonly number[], penalty: number, minSegment: number): number {
  const best = [-penalty];
  for (let end = 1; end <= values.length; end++) {
    best[end] = Infinity;
    for (let start = 0; start <= end - minSegment; start++) best[end] = Math.min(best[end]!, best[start]! + penalty + squaredError(values.slice(start, end)));
  }
  return best[values.length]!;
}

describe('PELT', () => {
  it('finds the segmentation of least cost, whatever is dropped on the way', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 6, maxLength: 60 }), fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 5 }), (values, penalty, minSegment) => {
        const changes = pelt(values, penalty, minSegment);
        const edges = [0, ...changes, values.length];
        if (changes.length > 0) for (const [index, edge] of edges.slice(1).entries()) expect(edge - edges[index]!).toBeGreaterThanOrEqual(minSegment);
        if (values.length >= 2 * minSegment) expect(costOf(values, changes, penalty)).toBeCloseTo(leastCost(values, penalty, minSegment), 6);
      }),
      { numRuns: 150, seed: 2012 },
    );
  });

  it('has nothing to say of what is too short', () => {
    expect(pelt([], 1, 3)).toEqual([]);
    expect(pelt([0, 0, 9, 9, 9], 1, 3)).toEqual([]);
    expect(pelt([0, 0, 0, 9, 9, 9], 1, 3)).toEqual([3]);
  });
});
