import { median } from '../lib/averages.ts';
import type { Series } from '../define/series.ts';

/** Times and values of one series, without its name. */
export interface Samples {
  /** Milliseconds, ascending. */
  readonly timesMs: readonly number[];
  readonly values: readonly number[];
}

/** Counters of the kernel that node_exporter passes on without `_total` in the name (its collectors vmstat, netstat and zfs). */
const bareCounters = /^node_(vmstat_(oom_kill|pg(fault|majfault|pgin|pgout|steal|scan)\w*|pswp(in|out)|allocstall\w*|compact_stall)|netstat_(?!Tcp_CurrEstab$)\w+|zfs_arc_(\w+_)?(hits|misses|memory_throttle_count)|zfs_zil_\w+)$/;

/** Whether a metric only ever counts up, so that its rate is what can be compared. */
export function isCounter(metric: string): boolean {
  return metric.endsWith('_total') || bareCounters.test(metric);
}

/**
 * Increase for each second between neighbouring samples, at the time of the later one. Where a counter fell it was reset, and the step is left out; so is one of no length.
 */
export function ratesOf({ timesMs, values }: Samples): Samples {
  const times: number[] = [];
  const rates: number[] = [];
  for (let at = 1; at < timesMs.length; at++) {
    const seconds = (timesMs[at]! - timesMs[at - 1]!) / 1_000;
    const rate = (values[at]! - values[at - 1]!) / seconds;
    if (!(seconds > 0) || !(rate >= 0) || !Number.isFinite(rate)) continue;
    times.push(timesMs[at]!);
    rates.push(rate);
  }
  return { timesMs: times, values: rates };
}

/** What of a series can be compared between two times: rates of a counter, values of a gauge. */
export function comparable(series: Series): Samples {
  return isCounter(series.metric) ? ratesOf(series) : series;
}

/** The usual time between two samples in milliseconds; 0 for fewer than two. */
export function stepMs({ timesMs }: Samples): number {
  return median(timesMs.slice(1).map((timeMs, index) => timeMs - timesMs[index]!)) ?? 0;
}

/**
 * Means over steps of this length, for comparing samples taken in different steps. A step without samples has no entry; the time is that of the last sample in it.
 */
export function averagedBy(step: number, { timesMs, values }: Samples): Samples {
  const [times, means]: [number[], number[]] = [[], []];
  for (let from = 0, to = 0; from < timesMs.length; from = to) {
    const bin = Math.floor(timesMs[from]! / step);
    let mean = 0;
    for (; to < timesMs.length && Math.floor(timesMs[to]! / step) === bin; to++) mean += (values[to]! - mean) / (to - from + 1);
    times.push(timesMs[to - 1]!);
    means.push(mean);
  }
  return { timesMs: times, values: means };
}

export function part({ timesMs, values }: Samples, fromMs: number, toMs: number): Samples {
  const keep = timesMs.map((timeMs) => timeMs >= fromMs && timeMs < toMs);
  return { timesMs: timesMs.filter((_, index) => keep[index]), values: values.filter((_, index) => keep[index]) };
}
