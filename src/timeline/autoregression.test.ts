import { describe, expect, it } from 'vitest';
import { autoregressions, longRunVariance } from './autoregression.ts';
import { gaussians, noise } from './testing.ts';

describe('autoregressive noise', () => {
  it('memory and innovations are those of the process', () => {
    const [independent, once] = autoregressions(noise(5_000, 0.8, gaussians(1)), 1);
    expect(independent!.innovationVariance).toBeCloseTo(1, 0);
    expect(once!.weights[0]).toBeCloseTo(0.8, 1);
    expect(once!.innovationVariance).toBeCloseTo(0.36, 1);
  });

  it('the long-run variance is n times the variance of a mean of n', () => {
    // By theory (1 + 0.8) / (1 − 0.8) = 9 for a variance of 1.
    expect(longRunVariance({ weights: [0.8], innovationVariance: 0.36 }, 1)).toBeCloseTo(9, 9);
    const means = Array.from({ length: 200 }, (_, block) => noise(100, 0.8, gaussians(block + 1)).reduce((sum, value) => sum + value, 0) / 100);
    const variance = means.reduce((sum, mean) => sum + mean * mean, 0) / means.length;
    expect(variance * 100).toBeGreaterThan(6.5);
    expect(variance * 100).toBeLessThan(11.5);
  });

  it('noise that swings back and forth counts as independent, and zeros have no memory', () => {
    expect(longRunVariance({ weights: [-0.9], innovationVariance: 0.19 }, 1)).toBe(1);
    expect(autoregressions([0, 0, 0, 0], 2).map(({ innovationVariance }) => innovationVariance)).toEqual([0, 0, 0]);
  });
});
