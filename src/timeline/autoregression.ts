/** Noise as an autoregressive process: each value leans on those before it, plus an innovation. */
export interface Autoregression {
  /** Weights of the last value, the one before it, …; empty for independent values. */
  readonly weights: readonly number[];
  /** Variance of what is new in each value. */
  readonly innovationVariance: number;
}

/** Autoregressions of order 0 to `maxOrder` by Burg's method (J. P. Burg 1967; always stationary). The values have mean zero. */
export function autoregressions(values: readonly number[], maxOrder: number): Autoregression[] {
  const count = values.length;
  let variance = values.reduce((sum, value) => sum + value * value, 0) / Math.max(count, 1);
  const fits: Autoregression[] = [{ weights: [], innovationVariance: variance }];
  const [forward, backward] = [Float64Array.from(values), Float64Array.from(values)];
  let weights: number[] = [];
  for (let order = 1; order <= maxOrder && order < count; order++) {
    let [product, squares] = [0, 0];
    for (let at = order; at < count; at++) {
      product += forward[at]! * backward[at - 1]!;
      squares += forward[at]! ** 2 + backward[at - 1]! ** 2;
    }
    const reflection = squares > 0 ? (2 * product) / squares : 0;
    for (let at = count - 1; at >= order; at--) {
      const [ahead, behind] = [forward[at]!, backward[at - 1]!];
      forward[at] = ahead - reflection * behind;
      backward[at] = behind - reflection * ahead;
    }
    weights = [...weights.map((weight, at) => weight - reflection * weights[weights.length - 1 - at]!), reflection];
    variance *= 1 - reflection ** 2;
    fits.push({ weights, innovationVariance: variance });
  }
  return fits;
}

/** How near to a random walk noise may come: 1 less the sum of the weights is not taken below this. */
const leastReturn = 0.01;

/**
 * Long-run variance: what the mean of many values varies by, times their number; the spectral density at frequency zero of the autoregression (W. J. den Haan and A. Levin 1997). Never less
 * than the variance given, so that noise that swings back and forth counts as independent.
 */
export function longRunVariance({ weights, innovationVariance }: Autoregression, variance: number): number {
  const back = Math.max(1 - weights.reduce((sum, weight) => sum + weight, 0), leastReturn);
  return Math.max(innovationVariance / back ** 2, variance);
}
