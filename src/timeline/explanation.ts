import { mean } from '../lib/averages.ts';
import { autoregressions, longRunVariance } from './autoregression.ts';
import { pelt } from './pelt.ts';
import { robustDeviation } from './spread.ts';

/** One way to account for a series: stretches of constant level, on a straight line or not, and noise around them. */
export interface Explanation {
  /** Where a new stretch begins. */
  readonly changes: readonly number[];
  /** Of the line below all stretches, a sample; 0 where there is none. */
  readonly slope: number;
  /** Of what moves around the stretches. */
  readonly variance: number;
  /** Of the same. */
  readonly longRunVariance: number;
  /** Modified Bayesian information criterion: the lower, the better the explanation. */
  readonly criterion: number;
}

/** Orders of autoregression that are tried: 10 log₁₀ n as statistics packages do, as long as there are ten samples for each. */
const mostOrders = (count: number): number => Math.floor(Math.min(10 * Math.log10(count), count / 10));

/**
 * Noise whose long-run variance is more than this many times its variance (memory of 0.9 from one sample to the next, or ten samples) is no noise to a reader: it is a level that wanders, and
 * is described by steps as far as those are larger than such noise could make them.
 */
const longestMemory = 19;

/**
 * Levels that come and go are noise likewise where they last no longer on average: values that switch at random forget in half the time that they stay. A few changes in a short series may
 * be as near to each other.
 */
const shortestStay = 20;
const fewChanges = 4;

function comeAndGo(changes: readonly number[], count: number): boolean {
  return changes.length > fewChanges && count / (changes.length + 1) < shortestStay;
}

/** Values less the mean of their stretch. */
function centred(values: readonly number[], changes: readonly number[]): number[] {
  return [0, ...changes].flatMap((start, index) => {
    const stretch = values.slice(start, changes[index] ?? values.length);
    const level = mean(stretch);
    return stretch.map((value) => value - level);
  });
}

/** The slope that all stretches have in common, by least squares; a level each is theirs. */
function commonSlope(values: readonly number[], changes: readonly number[]): number {
  const [levelled, times] = [centred(values, changes), centred([...values.keys()], changes)];
  const squares = times.reduce((sum, time) => sum + time * time, 0);
  return squares > 0 ? times.reduce((sum, time, at) => sum + time * levelled[at]!, 0) / squares : 0;
}

const withoutLine = (values: readonly number[], slope: number): number[] => values.map((value, at) => value - slope * at);

/**
 * How well stretches account for the values, with noise that has a memory (`remembered`): likelihood of the innovations of an autoregression of the best order. And with noise of the longest
 * memory there may be (`wandering`): likelihood of as many independent samples as that noise is worth. Each change is priced as in N. R. Zhang and D. O. Siegmund (A modified Bayes
 * information criterion, Biometrics 63, 2007), each other parameter by Schwarz's ln n.
 */
function weigh(values: readonly number[], changes: readonly number[], slope: number, leastVariance: number): { readonly remembered: Explanation; readonly wandering: Explanation } {
  const count = values.length;
  const noise = centred(slope === 0 ? values : withoutLine(values, slope), changes);
  const squares = noise.reduce((sum, value) => sum + value * value, 0);
  const variance = Math.max(squares / Math.max(count - changes.length - 1, 1), leastVariance);
  const lengths = [0, ...changes].map((start, index) => (changes[index] ?? count) - start);
  const shares = lengths.reduce((sum, length) => sum + Math.log(length / count), 0);
  const price = (worth: number): number => (3 * changes.length + (slope === 0 ? 0 : 1)) * Math.log(worth) + shares;
  const byOrder = autoregressions(noise, mostOrders(count)).map((fit, order): Explanation => {
    const parameters = 2 * changes.length + 2 + order + (slope === 0 ? 0 : 1);
    const innovationVariance = Math.max((fit.innovationVariance * count) / Math.max(count - changes.length - 1 - order, 1), leastVariance);
    // As in the corrected criterion of C. M. Hurvich and C.-L. Tsai (Biometrika 76, 1989): with few samples for each parameter, a parameter costs more.
    const scarcity = count / Math.max(count - 2 * parameters, 1);
    const longRun = longRunVariance({ ...fit, innovationVariance }, variance);
    return { changes, slope, variance, longRunVariance: longRun, criterion: count * Math.log(innovationVariance) + (price(count) + order * Math.log(count)) * scarcity };
  });
  const worth = Math.max(count / longestMemory, 1);
  return {
    remembered: byOrder.reduce((best, one) => (one.criterion < best.criterion ? one : best)),
    wandering: { changes, slope, variance, longRunVariance: variance * longestMemory, criterion: worth * Math.log(Math.max(squares / count, leastVariance)) + price(worth) },
  };
}

/** Slope of a straight line through steps: the median rise over a quarter of the series, which few steps can move. */
function typicalSlope(values: readonly number[]): number {
  const reach = Math.max(1, Math.floor(values.length / 4));
  const rises = values.slice(reach).map((value, at) => (value - values[at]!) / reach).sort((a, b) => a - b);
  return rises[Math.floor(rises.length / 2)] ?? 0;
}

/** The penalty falls by this factor from one segmentation to the next. */
const penaltyStep = 1.5;

/**
 * The best explanation among the segmentations that PELT finds from the highest penalty that makes a difference down to that of independent noise, of the values and of the values less a
 * line. A level that wanders, or a steady rise, is thus not cut into steps, since noise with a memory, or the line, explains it more cheaply.
 */
export function bestExplanation(values: readonly number[], minSegment: number): Explanation {
  const count = Math.max(values.length, 1);
  const total = centred(values, []).reduce((sum, value) => sum + value * value, 0);
  // Below a millionth of the spread nothing is told from rounding.
  const leastVariance = Math.max((total / count) * 1e-12, Number.MIN_VALUE);
  let best = weigh(values, [], 0, leastVariance);
  const consider = (changes: readonly number[]): void => {
    for (const slope of [0, commonSlope(values, changes)]) {
      const { remembered, wandering } = weigh(values, changes, slope, leastVariance);
      best = { remembered: remembered.criterion < best.remembered.criterion ? remembered : best.remembered, wandering: wandering.criterion < best.wandering.criterion ? wandering : best.wandering };
    }
  };
  consider([]);
  for (const slope of [0, typicalSlope(values)]) {
    const line = centred(withoutLine(values, slope), []);
    const differences = line.slice(1).map((value, at) => value - line[at]!);
    const independent = Math.max(robustDeviation(differences, 0) ** 2 / 2, leastVariance);
    let [penalty, seen] = [line.reduce((sum, value) => sum + value * value, 0), ''];
    for (; penalty > Math.max(independent * 2 * Math.log(count), 0); penalty /= penaltyStep) {
      const changes = pelt(line, penalty, minSegment);
      if (changes.length > count / (2 * minSegment)) break;
      const key = changes.join(' ');
      if (key !== seen && changes.length > 0) consider(changes);
      seen = key;
    }
  }
  const { remembered, wandering } = best;
  const isNoNoise = remembered.longRunVariance > longestMemory * remembered.variance || comeAndGo(remembered.changes, count);
  return isNoNoise ? wandering : remembered;
}
