import { seriesKey } from '../../../define/history.ts';
import type { Sample, SampleBatch } from '../../../define/sample.ts';
import type { Series } from '../../../define/series.ts';

/** A series that brings nothing for so long is gone (Prometheus' lookback). */
export const lookbackMs = 300_000;

interface Kept {
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
  lastMs: number;
}

/** What of one host was handed on already: of the overlapping answers each sample is taken once. */
export class RecentState {
  readonly #series = new Map<string, Kept>();

  /** The newest sample of all; undefined before the first. */
  get newestMs(): number | undefined {
    let newest: number | undefined;
    for (const { lastMs } of this.#series.values()) newest = Math.max(newest ?? lastMs, lastMs);
    return newest;
  }

  /** What is new in an answer, as a batch. `down` is when the server last found the target down: what is older than that has ended. */
  take(host: string, atMs: number, answer: readonly Series[], downAtMs: number | undefined): SampleBatch {
    const samples: Sample[] = [];
    for (const { metric, labels, timesMs, values } of answer) {
      const key = seriesKey({ metric, labels });
      const kept = this.#series.get(key) ?? { metric, labels, lastMs: Number.NEGATIVE_INFINITY };
      for (const [index, timeMs] of timesMs.entries()) {
        if (timeMs <= kept.lastMs) continue;
        samples.push({ metric, labels, timeMs, value: values[index]! });
        kept.lastMs = timeMs;
      }
      if (kept.lastMs > Number.NEGATIVE_INFINITY) this.#series.set(key, kept);
    }
    const ended: Pick<Sample, 'metric' | 'labels'>[] = [];
    for (const [key, { metric, labels, lastMs }] of this.#series) {
      if (lastMs >= atMs - lookbackMs && !(downAtMs !== undefined && lastMs < downAtMs)) continue;
      this.#series.delete(key);
      ended.push({ metric, labels });
    }
    return { host, timeMs: atMs, samples, ended };
  }
}
