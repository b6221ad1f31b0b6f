import { ownMetrics } from '../../../define/history.ts';
import type { Sample, SampleBatch } from '../../../define/sample.ts';
import { formatOf } from '../../../lib/exposition/format.ts';
import { ExpositionParser } from '../../../lib/exposition/parser.ts';
import type { ExposedSeries } from '../../../lib/exposition/series-text.ts';
import type { WatchClock } from '../clock.ts';
import type { Look, SourceProblem } from '../look.ts';
import { dropped, SeriesMemory, type KnownSeries } from './known-series.ts';
import { PageError, PageReader } from './page.ts';
import { relabelling } from './relabel.ts';
import type { ExpositionSettings } from './settings.ts';

/** A sample with a time of its own outside of this is not taken: a clock that is years off must not reach the history. Prometheus' own bounds are ten minutes ahead and about an hour back. */
const aheadMs = 10 * 60_000;
const backMs = 60 * 60_000;

const sourceName = 'exposition';
/** Names that Prometheus gives about a look, which a page must not give itself. */
const aboutTheLook = new Set(['up', 'scrape_duration_seconds', 'scrape_samples_scraped', 'scrape_samples_post_metric_relabeling']);
const ours = new Set<string>(Object.values(ownMetrics));

interface Page {
  readonly samples: Sample[];
  scraped: number;
  /** Samples with times that are far from ours, and second samples of a series. */
  badTimes: number;
  repeated: number;
}

/** One endpoint of one host. Keeps what it saw at the look before, so that what is gone can be told. */
export class ExpositionTarget {
  readonly host: string;
  readonly #settings: ExpositionSettings;
  readonly #clock: WatchClock;
  readonly #reader: PageReader;
  readonly #memory: SeriesMemory;
  readonly #labels: Readonly<Record<string, string>>;

  constructor(host: string, settings: ExpositionSettings, clock: WatchClock, version: string) {
    this.host = host;
    this.#settings = settings;
    this.#clock = clock;
    this.#reader = new PageReader(settings, version);
    const relabel = relabelling(settings.metricRelabelConfigs);
    this.#memory = new SeriesMemory((series) => {
      if (aboutTheLook.has(series.metric) || ours.has(series.metric)) return undefined;
      return relabel(withLabels(series, settings.labels));
    });
    const { host: instance, port, protocol } = new URL(settings.url);
    const withPort = port === '' ? `${instance}:${protocol === 'https:' ? '443' : '80'}` : instance;
    this.#labels = { ...settings.labels, job: settings.job, instance: withPort };
  }

  /** Looks once. The page counts as a whole or not at all; `up` says which. A look that is broken off brings no batch. Never throws. */
  async look(signal: AbortSignal): Promise<Look> {
    const timeMs = this.#clock.nowMs();
    const startedMs = this.#clock.monotonicMs();
    const page: Page = { samples: [], scraped: 0, badTimes: 0, repeated: 0 };
    this.#memory.begin();
    const problem = await this.#read(page, timeMs, signal);
    // Who stops looking learns nothing about the target.
    if (problem !== undefined && signal.aborted) return { batches: [], problems: [problem] };
    const ended = problem === undefined ? this.#memory.complete() : this.#memory.fail();
    const samples = problem === undefined ? page.samples : [];
    const about = { up: problem === undefined ? 1 : 0, scrape_duration_seconds: (this.#clock.monotonicMs() - startedMs) / 1_000, scrape_samples_scraped: problem === undefined ? page.scraped : 0, scrape_samples_post_metric_relabeling: samples.length };
    for (const [metric, value] of Object.entries(about)) samples.push({ metric, labels: this.#labels, timeMs, value });
    const batch: SampleBatch = { host: this.host, timeMs, samples, ended };
    return { batches: [batch], problems: problem === undefined ? this.#leftOut(page) : [problem] };
  }

  close(): void {
    this.#reader.close();
  }

  async #read(page: Page, lookMs: number, signal: AbortSignal): Promise<SourceProblem | undefined> {
    const { maxBytes, maxSamples } = this.#settings;
    let parser: ExpositionParser<KnownSeries | typeof dropped> | undefined;
    try {
      await this.#reader.read(
        (contentType) => {
          parser = new ExpositionParser({
            format: formatOf(contentType),
            limits: { maxBytes, maxSamples, maxLineCharacters: 128 * 1024 },
            series: (text) => this.#memory.of(text),
            sample: (series, value, timeMs) => this.#take(page, lookMs, series, value, timeMs),
          });
        },
        (piece) => parser!.push(piece),
        signal,
      );
      const bad = parser?.finish();
      return bad && this.#problem(bad.reason, bad.says);
    } catch (error) {
      const { reason, message } = error instanceof PageError ? error : new PageError('not-reachable', 'the look failed');
      return this.#problem(reason, message);
    }
  }

  #take(page: Page, lookMs: number, series: KnownSeries | typeof dropped, value: number, pageMs: number | undefined): void {
    page.scraped += 1;
    if (series === dropped) return;
    const ownTime = pageMs !== undefined && this.#settings.honorTimestamps;
    const timeMs = ownTime ? pageMs : lookMs;
    if (timeMs > lookMs + aheadMs || timeMs < lookMs - backMs) page.badTimes += 1;
    else if (!this.#memory.take(series, ownTime)) page.repeated += 1;
    // What is no number, or without end, is a gap.
    else if (Number.isFinite(value)) page.samples.push({ metric: series.metric, labels: series.labels, timeMs, value });
  }

  #problem(reason: SourceProblem['reason'], says: string): SourceProblem {
    return { source: sourceName, host: this.host, reason, says: `The metrics of ${this.host} at ${this.#settings.url} could not be read: ${says}.` };
  }

  #leftOut({ badTimes, repeated }: Page): SourceProblem[] {
    const parts = [badTimes > 0 && `${badTimes} of its samples have times more than ten minutes ahead or an hour back`, repeated > 0 && `${repeated} samples are of a series that stands on the page twice`].filter((part) => part !== false);
    return parts.length === 0 ? [] : [{ source: sourceName, host: this.host, reason: 'left-out', says: `The metrics of ${this.host} at ${this.#settings.url} were taken in part: ${parts.join('; ')}.` }];
  }
}

/** Labels of the settings come first; one of the page with the same name is kept as `exported_<name>` (Prometheus without `honor_labels`). */
function withLabels({ metric, labels }: ExposedSeries, own: Readonly<Record<string, string>>): ExposedSeries {
  const names = Object.keys(own);
  if (names.length === 0) return { metric, labels };
  const moved = Object.entries(labels).map(([name, value]) => [names.includes(name) ? `exported_${name}` : name, value]);
  return { metric, labels: Object.fromEntries([...moved, ...Object.entries(own)]) as Record<string, string> };
}
