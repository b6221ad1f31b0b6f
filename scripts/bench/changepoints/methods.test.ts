import { describe, expect, it } from 'vitest';
import { gaussians, noise, stepAt } from '../../../src/timeline/testing.ts';
import { bayesianOnline, binarySegmentation, optimalPartitioning, standardised, zero } from './methods.ts';

describe('the methods of the published comparison', () => {
  const values = standardised(stepAt(stepAt(noise(150, 0, gaussians(5)), 50, 6), 100, -9));

  it('scale to mean 0 and standard deviation 1', () => {
    expect(standardised([1, 2, 3])).toEqual([-1, 0, 1]);
    expect(standardised([4, 4, 4])).toEqual([0, 0, 0]);
  });

  it('find two plain steps, all but the one that finds nothing', () => {
    expect(zero(values)).toEqual([]);
    for (const method of [binarySegmentation, optimalPartitioning, bayesianOnline]) {
      const found = method(values);
      expect(found).toHaveLength(2);
      for (const [index, at] of [50, 100].entries()) expect(Math.abs(found[index]! - at)).toBeLessThanOrEqual(1);
    }
  });

  it('find nothing in noise', () => {
    const quiet = standardised(noise(150, 0, gaussians(6)));
    for (const method of [binarySegmentation, optimalPartitioning, bayesianOnline]) expect(method(quiet)).toEqual([]);
  });

  it('binary segmentation splits five times at most', () => {
    const stairs = standardised(Array.from({ length: 100 }, (_, index) => 10 * Math.floor(index / 10)));
    expect(binarySegmentation(stairs).length).toBeLessThanOrEqual(5);
  });
});
