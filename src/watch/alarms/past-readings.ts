import type { AlarmKind, SampleView } from '../../define/alarm-kind.ts';
import type { History } from '../../define/history.ts';
import type { Series } from '../../define/series.ts';

/** What a kind of alarm would have read of each object, at times of the past. */
export interface PastReadings {
  readonly timesMs: readonly number[];
  /** A value for each time; undefined where there was nothing to read. */
  readonly byObject: ReadonlyMap<string, readonly (number | undefined)[]>;
}

/** First index whose time is at least this. */
function from(timesMs: readonly number[], atMs: number): number {
  let [low, high] = [0, timesMs.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (timesMs[middle]! < atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

function viewAt(series: ReadonlyMap<string, readonly Series[]>, nowMs: number): SampleView {
  return {
    nowMs,
    series: (metric, seconds) =>
      (series.get(metric) ?? []).flatMap((one): Series[] => {
        const [start, end] = [from(one.timesMs, nowMs - seconds * 1_000), from(one.timesMs, nowMs + 1)];
        return start >= end ? [] : [{ metric, labels: one.labels, timesMs: one.timesMs.slice(start, end), values: one.values.slice(start, end) }];
      }),
  };
}

/** Labels that say who measured, and are no part of a series while it is watched. */
const leftOut = new Set(['instance', 'job']);

/** Reads a kind of alarm off a history, a reading every `stepSeconds`, which has to be no more than a minute where rates are taken. `labels` say which series are of the host. */
export async function pastReadings(kind: AlarmKind, history: History, labels: Readonly<Record<string, string>>, fromMs: number, toMs: number, stepSeconds: number, signal?: AbortSignal): Promise<PastReadings> {
  const series = new Map<string, readonly Series[]>();
  const before = Math.max(300, Math.min(kind.looksBackSeconds ?? 0, 3_600)) * 1_000;
  for (const metric of kind.metrics) {
    const found = await history.series({ metric, labels }, fromMs - before, toMs, stepSeconds, signal);
    series.set(metric, found.map((one) => ({ ...one, labels: metric === 'up' ? one.labels : Object.fromEntries(Object.entries(one.labels).filter(([name]) => !leftOut.has(name))) })));
  }
  const timesMs: number[] = [];
  for (let atMs = fromMs; atMs <= toMs; atMs += stepSeconds * 1_000) timesMs.push(atMs);
  const byObject = new Map<string, (number | undefined)[]>();
  for (const [index, atMs] of timesMs.entries()) {
    for (const { object, value } of kind.measure(viewAt(series, atMs))) {
      const values = byObject.get(object) ?? Array.from<number | undefined>({ length: timesMs.length });
      byObject.set(object, values);
      values[index] = value;
    }
  }
  return { timesMs, byObject };
}
