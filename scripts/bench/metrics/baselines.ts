import type { Machine, Segment } from './server-metrics.ts';

/** A score for each metric of a machine during a segment; the larger the more it changed. */
export type Scorer = (machine: Machine) => (segment: Segment) => number[];

interface Usual {
  readonly centre: number;
  readonly spread: number;
}

const quantile = (sorted: readonly number[], share: number): number => {
  const place = share * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(place)]!, sorted[Math.ceil(place)]!];
  return low + (high - low) * (place - Math.floor(place));
};

function meanAndDeviation(values: readonly number[]): Usual {
  const centre = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { centre, spread: Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / values.length) };
}

function medianAndRange(values: readonly number[]): Usual {
  const sorted = values.toSorted((a, b) => a - b);
  return { centre: quantile(sorted, 0.5), spread: quantile(sorted, 0.75) - quantile(sorted, 0.25) };
}

/** A spread of 0 counts as all but 0, or as this share of what the metric spans (all are scaled to 0 … 1), whichever does better for the method. */
const least = { deviation: 1e-9, range: 0.01 };

/** The farthest that any sample of the segment lies from the centre, in spreads of the undisturbed part. */
const farthest = (usualOf: (values: readonly number[]) => Usual, leastSpread: number): Scorer => (machine) => {
  const usual = machine.train.map(usualOf);
  return ({ from, to }) => machine.test.map((values, metric) => Math.max(...values.slice(from, to).map((value) => Math.abs(value - usual[metric]!.centre) / Math.max(usual[metric]!.spread, leastSpread))));
};

const hourOfDay: Scorer = (machine) => {
  const stepsPerHour = 3_600_000 / machine.stepMs;
  const hourAt = (step: number): number => Math.floor(step / stepsPerHour) % 24;
  const trainSteps = machine.train[0]?.length ?? 0;
  const usual = machine.train.map((values) => {
    const hours = Array.from({ length: 24 }, (): number[] => []);
    values.forEach((value, step) => hours[hourAt(step)]!.push(value));
    return hours.map(medianAndRange);
  });
  return ({ from, to }) =>
    machine.test.map((values, metric) =>
      Math.max(
        ...values.slice(from, to).map((value, index) => {
          const { centre, spread } = usual[metric]![hourAt(trainSteps + from + index)]!;
          return Math.abs(value - centre) / Math.max(spread, least.range);
        }),
      ),
    );
};

/**
 * What others rank metrics by. N-Sigma: mean and standard deviation; RobustScorer: median and interquartile range (L. Pham, H. Ha and H. Zhang, BARO, FSE 2024), of absolute values here, since
 * the metrics have no names to tell a good change by; the third takes the median and range of the same hour of the day.
 */
export const baselines: Readonly<Record<string, Scorer>> = { 'N-Sigma': farthest(meanAndDeviation, least.deviation), RobustScorer: farthest(medianAndRange, least.range), 'hour-of-day IQR': hourOfDay };
