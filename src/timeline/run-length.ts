/** Noise with a memory of one sample: what is left of a deviation one sample later (0 to below 1), and the variance of what is new in each. */
export interface NoiseOfOneMemory {
  readonly memory: number;
  readonly innovationVariance: number;
}

/** What a level may be before anything is seen of it. */
export interface LevelPrior {
  readonly mean: number;
  readonly variance: number;
}

/** A run is forgotten when it is less probable than the most probable one by this factor (natural logarithm). */
const forgottenBelow = 30;

interface Run {
  readonly start: number;
  logWeight: number;
  /** Of the run's level: what is known of it so far. */
  mean: number;
  precision: number;
}

const logGaussian = (deviation: number, variance: number): number => -(deviation * deviation) / (2 * variance) - Math.log(2 * Math.PI * variance) / 2;

/**
 * When the present run began, as known at the end: the run-length posterior of R. P. Adams and D. J. C. MacKay (Bayesian Online Changepoint Detection, 2007) for values with at most one change,
 * levels with a Gaussian prior, and noise with a memory that begins anew with a run. `hazard` is the probability of a change before each sample. Index of the array: the first sample of
 * the run; index 0 means that nothing has changed. The array sums to 1.
 */
export function runStartPosterior(values: readonly number[], noise: NoiseOfOneMemory, prior: LevelPrior, hazard: number): number[] {
  const { memory, innovationVariance } = noise;
  const firstVariance = innovationVariance / (1 - memory ** 2);
  const [firstPrecision, nextPrecision] = [1 / firstVariance, (1 - memory) ** 2 / innovationVariance];
  const begin = (start: number, logWeight: number): Run => ({ start, logWeight, mean: prior.mean, precision: 1 / prior.variance });
  const learn = (run: Run, value: number, precision: number): void => {
    run.mean += (precision / (run.precision + precision)) * (value - run.mean);
    run.precision += precision;
  };
  let runs: Run[] = [];
  /** Of the first run, before the sample at hand; each later run grows out of it. */
  let logFirst = 0;
  for (const [at, value] of values.entries()) {
    const last = values[at - 1] ?? 0;
    const fresh = begin(at, logFirst + (at === 0 ? 0 : Math.log(hazard)) + logGaussian(value - prior.mean, prior.variance + firstVariance));
    for (const run of runs) {
      const survival = run.start === 0 ? Math.log1p(-hazard) : 0;
      run.logWeight += survival + logGaussian(value - (1 - memory) * run.mean - memory * last, innovationVariance + (1 - memory) ** 2 / run.precision);
      learn(run, (value - memory * last) / (1 - memory), nextPrecision);
    }
    learn(fresh, value, firstPrecision);
    runs.push(fresh);
    logFirst = runs[0]!.logWeight;
    const most = runs.reduce((max, run) => Math.max(max, run.logWeight), -Infinity);
    runs = runs.filter(({ start, logWeight }) => start === 0 || logWeight > most - forgottenBelow);
  }
  const most = runs.reduce((max, run) => Math.max(max, run.logWeight), -Infinity);
  const total = runs.reduce((sum, { logWeight }) => sum + Math.exp(logWeight - most), 0);
  const posterior = Array.from({ length: values.length }, () => 0);
  for (const { start, logWeight } of runs) posterior[start] = Math.exp(logWeight - most) / total;
  return posterior;
}
