/** 97.5 % quantiles of Student's t distribution for 1 to 30 degrees of freedom (any table of statistics). */
const quantiles = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11, 2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
];

export interface Estimate {
  readonly mean: number;
  /** Ends of the 95 % confidence interval. */
  readonly low: number;
  readonly high: number;
}

/** Mean of independent measurements with its 95 % confidence interval (Student). Undefined for fewer than three. */
export function estimate(values: readonly number[]): Estimate | undefined {
  const count = values.length;
  if (count < 3 || values.some((value) => !Number.isFinite(value))) return undefined;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1);
  const half = (quantiles[Math.min(count - 1, quantiles.length) - 1] ?? 2) * Math.sqrt(variance / count);
  return { mean, low: mean - half, high: mean + half };
}

/**
 * Median with an interval that holds it in at least 95 % of cases, whatever the distribution: between two measurements of equal rank from both ends, by the binomial distribution (W. R. Thompson, 1936). For measurements of which
 * some waited for others as long as it took. Undefined for fewer than six.
 */
export function medianEstimate(values: readonly number[]): Estimate | undefined {
  const count = values.length;
  if (count < 6 || values.some((value) => !Number.isFinite(value))) return undefined;
  const sorted = values.toSorted((a, b) => a - b);
  let rank = 0;
  let term = 0.5 ** count;
  for (let tail = term; 2 * tail <= 0.05; tail += term) {
    rank += 1;
    term *= (count - rank + 1) / rank;
  }
  const middle = Math.floor((count - 1) / 2);
  return { mean: ((sorted[middle] ?? 0) + (sorted[count - 1 - middle] ?? 0)) / 2, low: sorted[rank - 1] ?? 0, high: sorted[count - rank] ?? 0 };
}

/** Geometric mean of positive measurements with its 95 % confidence interval. Undefined for fewer than three. */
export function geometricEstimate(values: readonly number[]): Estimate | undefined {
  const logs = estimate(values.map(Math.log));
  return logs && { mean: Math.exp(logs.mean), low: Math.exp(logs.low), high: Math.exp(logs.high) };
}

/** Ratio of paired measurements, the geometric mean of a/b with its 95 % confidence interval. Undefined for fewer than three pairs of positive numbers. */
export function pairedRatio(pairs: readonly (readonly [a: number, b: number])[]): Estimate | undefined {
  if (pairs.some(([a, b]) => !(a > 0 && b > 0))) return undefined;
  return geometricEstimate(pairs.map(([a, b]) => a / b));
}
