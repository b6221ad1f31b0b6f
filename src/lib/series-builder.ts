/** Collects samples that come in any order, and gives series with ascending times; of two samples at one time the last one stays. Bounded in series and samples. */
export class SeriesBuilder {
  readonly #series = new Map<string, { readonly metric: string; readonly labels: Readonly<Record<string, string>>; readonly samples: Map<number, number> }>();
  readonly #maxSeries: number;
  #samplesLeft: number;

  constructor(maxSeries: number, maxSamples: number) {
    this.#maxSeries = maxSeries;
    this.#samplesLeft = maxSamples;
  }

  /** Sets a sample, or adds to the one that was set in the same way at this time, where `add`. What is not a finite number is left out. */
  set(metric: string, labels: Readonly<Record<string, string>>, timeMs: number, value: number, add = false): void {
    if (!Number.isFinite(value) || !Number.isFinite(timeMs)) return;
    const key = JSON.stringify([metric, ...Object.entries(labels)]);
    let series = this.#series.get(key);
    if (series === undefined) {
      if (this.#series.size >= this.#maxSeries) return;
      series = { metric, labels, samples: new Map() };
      this.#series.set(key, series);
    }
    const before = series.samples.get(timeMs);
    if (before === undefined) {
      if (this.#samplesLeft <= 0) return;
      this.#samplesLeft -= 1;
    }
    series.samples.set(timeMs, add ? (before ?? 0) + value : value);
  }

  all(): { metric: string; labels: Record<string, string>; timesMs: number[]; values: number[] }[] {
    return [...this.#series.values()].map(({ metric, labels, samples }) => {
      const ascending = [...samples].sort(([a], [b]) => a - b);
      return { metric, labels: { ...labels }, timesMs: ascending.map(([time]) => time), values: ascending.map(([, value]) => value) };
    });
  }
}
