import { describe, expect, it } from 'vitest';
import { runStartPosterior } from './run-length.ts';

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Density of Gaussian values whose covariance is `variance` on the diagonal and `shared` everywhere, by the matrix determinant lemma and the formula of Sherman and Morrison. */
function logJoint(values: readonly number[], variance: number, shared: number): number {
  const count = values.length;
  const square = sum(values.map((value) => value * value)) / variance - (shared * sum(values) ** 2) / (variance * (variance + count * shared));
  return -square / 2 - (count * Math.log(2 * Math.PI * variance) + Math.log1p((count * shared) / variance)) / 2;
}

describe('where the present run began', () => {
  it('is what the joint density of each split gives', () => {
    const values = [0.1, -0.4, 0.3, 0.2, 1.9, 2.3, 1.6];
    const [variance, shared, hazard] = [0.5, 4, 0.1];
    const weights = values.map((_, start) => Math.exp((start === 0 ? 0 : logJoint(values.slice(0, start), variance, shared)) + logJoint(values.slice(start), variance, shared)) * (start === 0 ? (1 - hazard) ** (values.length - 1) : hazard * (1 - hazard) ** (start - 1)));
    const posterior = runStartPosterior(values, { memory: 0, innovationVariance: variance }, { mean: 0, variance: shared }, hazard);
    for (const [start, weight] of weights.entries()) expect(posterior[start]).toBeCloseTo(weight / sum(weights), 9);
    expect(posterior.indexOf(Math.max(...posterior))).toBe(4);
  });

  it('sums to one, and does not take the memory of noise for a change', () => {
    const drifting = [0, 0.5, 0.9, 1.2, 1.4, 1.5, 1.5, 1.4, 1.2, 0.9];
    const independent = runStartPosterior(drifting, { memory: 0, innovationVariance: 0.1 }, { mean: 0, variance: 4 }, 0.1);
    const remembered = runStartPosterior(drifting, { memory: 0.9, innovationVariance: 0.1 }, { mean: 0, variance: 4 }, 0.1);
    expect(sum(independent)).toBeCloseTo(1, 9);
    expect(sum(remembered)).toBeCloseTo(1, 9);
    expect(independent[0]).toBeLessThan(0.1);
    expect(remembered[0]).toBeGreaterThan(0.5);
  });
});
