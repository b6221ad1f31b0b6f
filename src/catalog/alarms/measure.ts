import type { SampleView } from '../../define/alarm-kind.ts';
import type { Series } from '../../define/series.ts';

/** Rates are taken over this much time: long enough for four looks at the usual interval of 15 s, short enough to follow what happens. */
export const rateSeconds = 120;
/** A gauge that is older says nothing about now. */
export const freshSeconds = 150;

/**
 * Increase per second of a counter over the samples of a series, as Prometheus' `rate()` without its extrapolation: a value below the one before is a reset, from
 * which it counted on from zero. Undefined with less than two samples.
 */
export function ratePerSecond({ timesMs, values }: Pick<Series, 'timesMs' | 'values'>): number | undefined {
  const first = timesMs[0];
  const last = timesMs.at(-1);
  if (first === undefined || last === undefined || last <= first) return undefined;
  const increase = values.reduce((sum, value, index) => {
    const before = values[index - 1];
    if (before === undefined) return sum;
    return sum + (value >= before ? value - before : value);
  }, 0);
  return increase / ((last - first) / 1000);
}

export interface Measured {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Rates of all series of a counter. */
export function rates(view: SampleView, metric: string, seconds = rateSeconds): Measured[] {
  return view.series(metric, seconds).flatMap((one) => {
    const value = ratePerSecond(one);
    return value === undefined ? [] : [{ labels: one.labels, value }];
  });
}

/** Newest values of all series of a gauge. */
export function latest(view: SampleView, metric: string, seconds = freshSeconds): Measured[] {
  return view.series(metric, seconds).flatMap(({ labels, values }) => {
    const value = values.at(-1);
    return value === undefined ? [] : [{ labels, value }];
  });
}

/** Newest value of the one series of a gauge that has no labels to tell apart. */
export function latestOf(view: SampleView, metric: string, seconds = freshSeconds): number | undefined {
  return latest(view, metric, seconds)[0]?.value;
}

/** The one of a list whose labels have these values. */
export function withLabels(list: readonly Measured[], labels: Readonly<Record<string, string>>): Measured | undefined {
  return list.find((one) => Object.entries(labels).every(([name, value]) => one.labels[name] === value));
}

export function sumOf(list: readonly Measured[]): number {
  return list.reduce((sum, { value }) => sum + value, 0);
}
