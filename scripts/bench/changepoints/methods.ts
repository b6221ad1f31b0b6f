/** The methods of the published comparison with their usual settings, beside which ours is measured. They take values scaled to mean 0 and standard deviation 1. */

export type Method = (values: readonly number[]) => number[];

/** As the comparison prepares its series. */
export function standardised(values: readonly number[]): number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
  return values.map((value) => (value - mean) / (deviation || 1));
}

/** Cost of a stretch as the modified Bayesian information criterion has it: squared error and the logarithm of the length. */
function stretchCost(values: readonly number[]): (start: number, end: number) => number {
  const [sums, squares] = [[0], [0]];
  for (const [at, value] of values.entries()) {
    sums.push(sums[at]! + value);
    squares.push(squares[at]! + value * value);
  }
  return (start, end) => squares[end]! - squares[start]! - (sums[end]! - sums[start]!) ** 2 / (end - start) + Math.log(end - start);
}

/** One more change costs 3 ln n. */
const penaltyOf = (values: readonly number[]): number => 3 * Math.log(values.length);

/** No change at all. */
export const zero: Method = () => [];

/** Binary segmentation: the best split again and again, at most five (default of R's changepoint package: mean, MBIC, Q = 5). */
export const binarySegmentation: Method = (values) => {
  const cost = stretchCost(values);
  const ends = [0, values.length];
  for (let splits = 0; splits < 5; splits++) {
    let best = { gain: -Infinity, at: 0 };
    for (const [index, start] of ends.slice(0, -1).entries()) {
      const end = ends[index + 1]!;
      for (let at = start + 1; at < end; at++) {
        const gain = cost(start, end) - cost(start, at) - cost(at, end);
        if (gain > best.gain) best = { gain, at };
      }
    }
    if (best.gain < penaltyOf(values)) break;
    ends.push(best.at);
    ends.sort((a, b) => a - b);
  }
  return ends.slice(1, -1);
};

/** Optimal partitioning, which is what PELT computes (default of R's changepoint package: mean, MBIC). */
export const optimalPartitioning: Method = (values) => {
  const [cost, penalty] = [stretchCost(values), penaltyOf(values)];
  const best = [-penalty];
  const previous = [0];
  for (let end = 1; end <= values.length; end++) {
    best[end] = Infinity;
    for (let start = 0; start < end; start++) {
      const total = best[start]! + cost(start, end) + penalty;
      if (total < best[end]!) [best[end], previous[end]] = [total, start];
    }
  }
  const changes: number[] = [];
  for (let end = previous[values.length]!; end > 0; end = previous[end]!) changes.unshift(end);
  return changes;
};

/** Logarithm of the gamma function (Stirling's series after shifting the argument up). */
function logGamma(x: number): number {
  let [shifted, correction] = [x, 0];
  for (; shifted < 10; shifted++) correction -= Math.log(shifted);
  const inverse = 1 / (shifted * shifted);
  return correction + (shifted - 0.5) * Math.log(shifted) - shifted + Math.log(2 * Math.PI) / 2 + (1 / 12 - inverse * (1 / 360 - inverse / 1260)) / shifted;
}

interface Run {
  readonly logWeight: number;
  readonly changes: readonly number[];
  readonly mean: number;
  readonly kappa: number;
  readonly alpha: number;
  readonly beta: number;
}

function logPredictive(value: number, { mean, kappa, alpha, beta }: Run): number {
  const [degrees, scale] = [2 * alpha, (beta * (kappa + 1)) / (alpha * kappa)];
  return logGamma((degrees + 1) / 2) - logGamma(degrees / 2) - Math.log(degrees * Math.PI * scale) / 2 - ((degrees + 1) / 2) * Math.log1p((value - mean) ** 2 / (degrees * scale));
}

/** Bayesian online change points, most probable path (default of R's ocp package: one change in 100, normal-inverse-gamma prior with 0, 1, 1, 1). */
export const bayesianOnline: Method = (values) => {
  const hazard = 1 / 100;
  const fresh = { mean: 0, kappa: 1, alpha: 1, beta: 1 };
  let runs: Run[] = [{ logWeight: 0, changes: [], ...fresh }];
  for (const [at, value] of values.entries()) {
    const seen = runs.map((run) => ({ ...run, logWeight: run.logWeight + logPredictive(value, run) }));
    const best = seen.reduce((most, run) => (run.logWeight > most.logWeight ? run : most));
    const grown = seen
      .filter(({ logWeight }) => logWeight > best.logWeight - 40)
      .map((run) => ({
        logWeight: run.logWeight + Math.log(1 - hazard) - best.logWeight,
        changes: run.changes,
        mean: (run.kappa * run.mean + value) / (run.kappa + 1),
        kappa: run.kappa + 1,
        alpha: run.alpha + 0.5,
        beta: run.beta + (run.kappa * (value - run.mean) ** 2) / (2 * (run.kappa + 1)),
      }));
    runs = [...grown, { logWeight: Math.log(hazard), changes: [...best.changes, at + 1], ...fresh }];
  }
  return [...runs.reduce((most, run) => (run.logWeight > most.logWeight ? run : most)).changes];
};
