import { roundedGauge } from './stored-value.ts';

/** One series of one day. */
export interface SeriesEntry {
  /** Within the day's database. */
  readonly id: number;
  readonly host: string;
  readonly metric: string;
  readonly labels: string;
  /** Its values are not rounded. */
  readonly exact: boolean;
  /** Of the latest sample, in milliseconds since the day began; -1: none yet. */
  lastMillis: number;
  ended: boolean;
}

export interface SeriesName {
  readonly host: string;
  readonly metric: string;
  readonly labels: string;
}

/** Neither hosts nor metrics have line ends in their names. */
export function entryKey({ host, metric, labels }: SeriesName): string {
  return `${host}\n${metric}\n${labels}`;
}

interface HostCount {
  /** That have begun and not ended. */
  live: number;
  total: number;
}

/** The series of an open day: which number each has, and when its last sample was. */
export class SeriesIndex {
  readonly entries: SeriesEntry[] = [];
  readonly #byKey = new Map<string, SeriesEntry>();
  readonly #byMetric = new Map<string, SeriesEntry[]>();
  readonly #hosts = new Map<string, HostCount>();

  find(key: string): SeriesEntry | undefined {
    return this.#byKey.get(key);
  }

  ofMetric(metric: string): readonly SeriesEntry[] {
    return this.#byMetric.get(metric) ?? [];
  }

  countOf(host: string): Readonly<HostCount> {
    return this.#hosts.get(host) ?? { live: 0, total: 0 };
  }

  hosts(): string[] {
    return [...this.#hosts.keys()];
  }

  metricsOf(host: string): string[] {
    return [...this.#byMetric].filter(([, entries]) => entries.some((entry) => entry.host === host)).map(([metric]) => metric);
  }

  add(name: SeriesName, exact: boolean, lastMillis = -1, ended = false): SeriesEntry {
    const { host, metric, labels } = name;
    const entry: SeriesEntry = { id: this.entries.length, host, metric, labels, exact, lastMillis, ended };
    this.entries.push(entry);
    this.#byKey.set(entryKey(name), entry);
    const same = this.#byMetric.get(metric);
    if (same === undefined) this.#byMetric.set(metric, [entry]);
    else same.push(entry);
    const count = this.#hosts.get(host) ?? { live: 0, total: 0 };
    this.#hosts.set(host, count);
    count.total += 1;
    if (!ended) count.live += 1;
    return entry;
  }

  /** Notes that a series has ended, or goes on again. */
  setEnded(entry: SeriesEntry, ended: boolean): void {
    if (entry.ended === ended) return;
    entry.ended = ended;
    this.#hosts.get(entry.host)!.live += ended ? -1 : 1;
  }
}

/** What is kept of a value. */
export function storedValue(entry: SeriesEntry, value: number): number {
  return entry.exact ? value : roundedGauge(value);
}
