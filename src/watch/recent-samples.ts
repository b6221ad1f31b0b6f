import type { AlarmKind, SampleView } from '../define/alarm-kind.ts';
import { seriesKey } from '../define/history.ts';
import type { SampleBatch } from '../define/sample.ts';
import type { Series } from '../define/series.ts';

export interface RecentSettings {
  /** How far back a metric is kept, by its name; others are not kept at all. */
  readonly secondsOf: ReadonlyMap<string, number>;
  /** Series of one host beyond these are not taken, so that one that brings millions hurts nobody else. */
  readonly mostSeriesPerHost: number;
}

/** Series of one host, by their keys, metric by metric: each kind of alarm asks for a few metrics of many. */
class HostSeries {
  readonly metrics = new Map<string, Map<string, Kept>>();
  count = 0;

  get(metric: string, key: string): Kept | undefined {
    return this.metrics.get(metric)?.get(key);
  }

  add(metric: string, key: string, series: Kept): void {
    const of = this.metrics.get(metric) ?? new Map<string, Kept>();
    this.metrics.set(metric, of.set(key, series));
    this.count += 1;
  }

  delete(metric: string, key: string): void {
    if (this.metrics.get(metric)?.delete(key) === true) this.count -= 1;
  }
}

interface Kept {
  readonly labels: Readonly<Record<string, string>>;
  readonly timesMs: number[];
  readonly values: number[];
}

/** Days of a value that never changes are two samples. */
function push(series: Kept, timeMs: number, value: number, oldestMs: number): void {
  const { timesMs, values } = series;
  const count = values.length;
  if (count > 0 && timeMs <= timesMs[count - 1]!) return;
  if (count >= 2 && values[count - 1] === value && values[count - 2] === value) timesMs[count - 1] = timeMs;
  else {
    timesMs.push(timeMs);
    values.push(value);
  }
  // One sample before the oldest stays: what it says held until the next.
  const stale = timesMs.findIndex((one) => one >= oldestMs);
  if (stale > 64 || stale < 0) {
    const drop = (stale < 0 ? timesMs.length : stale) - 1;
    timesMs.splice(0, drop);
    values.splice(0, drop);
  }
}

/**
 * The last minutes of all hosts in memory, as far as alarms look at them. Of a value that stays the same only the first and the newest sample are kept, which changes neither
 * a rate nor a newest value.
 */
export class RecentSamples {
  readonly #settings: RecentSettings;
  readonly #hosts = new Map<string, HostSeries>();
  readonly #refused = new Map<string, number>();

  constructor(settings: RecentSettings) {
    this.#settings = settings;
  }

  append({ host, samples, ended }: SampleBatch): void {
    const of = this.#hosts.get(host) ?? new HostSeries();
    this.#hosts.set(host, of);
    for (const { metric, labels, timeMs, value } of samples) {
      const seconds = this.#settings.secondsOf.get(metric);
      if (seconds === undefined || !Number.isFinite(value)) continue;
      const key = seriesKey({ metric, labels });
      const known = of.get(metric, key);
      if (known === undefined && of.count >= this.#settings.mostSeriesPerHost) {
        this.#refused.set(host, (this.#refused.get(host) ?? 0) + 1);
        continue;
      }
      const series = known ?? { labels, timesMs: [], values: [] };
      if (known === undefined) of.add(metric, key, series);
      push(series, timeMs, value, timeMs - seconds * 1000);
    }
    for (const gone of ended) of.delete(gone.metric, seriesKey(gone));
  }

  /** What a host showed until now. Series whose newest sample is older than their metric is kept are forgotten. */
  view(host: string, nowMs: number): SampleView {
    const of = this.#hosts.get(host) ?? new HostSeries();
    for (const [metric, all] of of.metrics) {
      const oldestMs = nowMs - (this.#settings.secondsOf.get(metric) ?? 0) * 1000;
      for (const [key, { timesMs }] of all) if ((timesMs.at(-1) ?? 0) < oldestMs) of.delete(metric, key);
    }
    return {
      nowMs,
      series: (metric, seconds) => {
        const fromMs = nowMs - seconds * 1000;
        return [...(of.metrics.get(metric)?.values() ?? [])].flatMap((one): Series[] => {
          const end = one.timesMs.findLastIndex((timeMs) => timeMs <= nowMs) + 1;
          const start = one.timesMs.findIndex((timeMs) => timeMs >= fromMs);
          if (start < 0 || start >= end) return [];
          const [timesMs, values] = [one.timesMs.slice(start, end), one.values.slice(start, end)];
          const before = one.values[start - 1];
          // A value that stayed the same from before the cut held at the cut as well.
          if (before !== undefined && before === values[0] && timesMs[0]! > fromMs) {
            timesMs.unshift(fromMs);
            values.unshift(before);
          }
          return [{ metric, labels: one.labels, timesMs, values }];
        });
      },
    };
  }

  /** Series that were not taken because their host had too many, by host, since the start. */
  refused(): ReadonlyMap<string, number> {
    return this.#refused;
  }

  forget(host: string): void {
    this.#hosts.delete(host);
    this.#refused.delete(host);
  }
}

/** How far back each metric that these kinds read is looked at. A kind looks back as far as it takes to be raised or cleared, and at least `leastSeconds`. */
export function secondsOfMetrics(kinds: readonly Pick<AlarmKind, 'metrics' | 'looksBackSeconds'>[], leastSeconds = 600): Map<string, number> {
  const found = new Map<string, number>();
  for (const { metrics, looksBackSeconds = leastSeconds } of kinds) {
    for (const metric of metrics) found.set(metric, Math.max(found.get(metric) ?? 0, looksBackSeconds, leastSeconds));
  }
  return found;
}
