import type { Series } from '../../define/series.ts';

/** 3 November 2026, 02:00:00 UTC. */
export const nowMs = Date.UTC(2026, 10, 3, 2);
const stepMs = 15_000;
const looks = 9;

/** A metric over the last two minutes, a look every 15 s; `value` is given the seconds since the first of them. */
export function course(metric: string, labels: Readonly<Record<string, string>>, value: (seconds: number) => number): Series {
  const timesMs = Array.from({ length: looks }, (_, index) => nowMs - (looks - 1 - index) * stepMs);
  return { metric, labels, timesMs, values: timesMs.map((_, index) => value((index * stepMs) / 1000)) };
}

export const gauge = (metric: string, value: number, labels: Readonly<Record<string, string>> = {}): Series => course(metric, labels, () => value);

export const counter = (metric: string, perSecond: number, labels: Readonly<Record<string, string>> = {}): Series => course(metric, labels, (seconds) => 1e6 + seconds * perSecond);
