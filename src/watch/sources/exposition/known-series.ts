import { seriesKey } from '../../../define/history.ts';
import type { Sample } from '../../../define/sample.ts';
import { parseSeries, type ExposedSeries } from '../../../lib/exposition/series-text.ts';

/** A series of a target as it is handed on. */
export interface KnownSeries extends ExposedSeries {
  /** The look that brought a sample of it last. */
  seenAt: number;
  /** Whether the batch before had it. */
  delivered: boolean;
  /** The page gives its samples a time of their own: Prometheus does not mark such a series as ended. */
  ownTime: boolean;
}

/** A series that a rule drops. */
export const dropped = Symbol('dropped');

/**
 * The series of one target, from look to look: a series is taken apart and relabelled only when its text is new, and what is gone is known. Holds no more than the page before and the one
 * that is being read.
 */
export class SeriesMemory {
  readonly #relabel: (series: ExposedSeries) => ExposedSeries | undefined;
  readonly #byText = new Map<string, { known: KnownSeries | typeof dropped; seenAt: number }>();
  readonly #byKey = new Map<string, KnownSeries>();
  #look = 0;

  constructor(relabel: (series: ExposedSeries) => ExposedSeries | undefined) {
    this.#relabel = relabel;
  }

  begin(): void {
    this.#look += 1;
  }

  /** Undefined where the text is no series. */
  of(text: string): KnownSeries | typeof dropped | undefined {
    const entry = this.#byText.get(text);
    if (entry !== undefined) {
      entry.seenAt = this.#look;
      return entry.known;
    }
    const parsed = parseSeries(text);
    if (parsed === undefined) return undefined;
    const relabelled = this.#relabel(parsed);
    const known = relabelled === undefined ? dropped : this.#shared(relabelled);
    this.#byText.set(text, { known, seenAt: this.#look });
    return known;
  }

  /** False for the second sample of a series on one page, which is not taken. */
  take(series: KnownSeries, ownTime: boolean): boolean {
    if (series.seenAt === this.#look) return false;
    series.seenAt = this.#look;
    series.ownTime = ownTime;
    return true;
  }

  /** The look is complete: gives what was in the batch before and is gone. */
  complete(): Pick<Sample, 'metric' | 'labels'>[] {
    const ended: Pick<Sample, 'metric' | 'labels'>[] = [];
    for (const [key, series] of this.#byKey) {
      const here = series.seenAt === this.#look;
      if (!here) this.#byKey.delete(key);
      if (!here && series.delivered && !series.ownTime) ended.push({ metric: series.metric, labels: series.labels });
      series.delivered = here;
    }
    for (const [text, { seenAt }] of this.#byText) if (seenAt !== this.#look) this.#byText.delete(text);
    return ended;
  }

  /** The look failed: all that was there is gone. */
  fail(): Pick<Sample, 'metric' | 'labels'>[] {
    const ended = [...this.#byKey.values()].filter(({ delivered, ownTime }) => delivered && !ownTime).map(({ metric, labels }) => ({ metric, labels }));
    this.#byKey.clear();
    this.#byText.clear();
    return ended;
  }

  /** Two texts may be the same series, by the order of labels or by relabelling. */
  #shared(series: ExposedSeries): KnownSeries {
    const key = seriesKey(series);
    const known = this.#byKey.get(key) ?? { ...series, seenAt: 0, delivered: false, ownTime: false };
    this.#byKey.set(key, known);
    return known;
  }
}
