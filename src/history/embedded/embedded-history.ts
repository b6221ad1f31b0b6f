import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import { UserError } from '../../define/errors.ts';
import type { History, SeriesSelector } from '../../define/history.ts';
import { SamplesRefused } from '../../define/sample-refusal.ts';
import type { SampleBatch, SampleSink } from '../../define/sample.ts';
import type { Series } from '../../define/series.ts';
import { planBatch, takePlanned, type Dropped } from './batch-plan.ts';
import { DayStore } from './day-store.ts';
import { checkRoom, refusalOf } from './disk-room.ts';
import { Grid, lookbackMs } from './grid.ts';
import { matcherOf } from './labels.ts';
import { readSeries } from './read-series.ts';
import { SeriesNames } from './series-names.ts';
import { embeddedSettingsSchema, type EmbeddedOptions, type EmbeddedSettings } from './settings.ts';

/** How the history is: for its own metrics, and for alarms about itself. */
export interface HistoryStats {
  readonly takenSamples: number;
  readonly dropped: Readonly<Dropped>;
  /** In memory, and not yet on the disk. */
  readonly bufferedSamples: number;
  readonly openDays: number;
  readonly closedDays: number;
  readonly bytesOnDisk: number;
  /** When all that came before was on the disk, in milliseconds since 1970. */
  readonly lastFlushMs?: number;
  /** Why nothing is taken at the moment. */
  readonly refusal?: SamplesRefused;
  /** Why a closed day could not be written as a file. It is tried again. */
  readonly compactionFailure?: string;
}

/**
 * Samples in a folder of this machine: a DuckDB file for a day that still takes samples, one sorted Parquet file for each day (UTC) before (`samples-2026-11-22.parquet` with host, metric, labels as a JSON
 * object, time, value; NULL where a series ended). A series has its host as the label `instance`, unless its source brought one. A killed process loses what came since the last flush.
 */
export interface EmbeddedHistory extends History {
  readonly append: SampleSink;
  /** The same history, of one host only. */
  ofHost(host: string): History;
  hosts(): Promise<string[]>;
  metrics(host: string): Promise<string[]>;
  /** Writes what is in memory. Rejects with SamplesRefused where that cannot be done; all is kept in memory then. */
  flush(): Promise<void>;
  /** Writes the files of all days that are over, and deletes what is past its retention. */
  compact(): Promise<void>;
  stats(): HistoryStats;
  close(): Promise<void>;
}

/** After a compaction that failed, the next one by itself waits so long. */
const retryMs = 600_000;

function useFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (!statSync(folder).isDirectory()) throw new Error('it is no folder');
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new UserError('history-not-usable', `The history cannot use the folder ${folder}: ${error instanceof Error ? error.message : 'unknown'}`, 'Check the path, who owns it, and whether its file system can be written.');
  }
}

class Embedded implements EmbeddedHistory {
  readonly #settings: EmbeddedSettings;
  readonly #clock: () => number;
  readonly #store: DayStore;
  readonly #names: SeriesNames;
  readonly #dropped: Dropped = { notFinite: 0, outOfTime: 0, malformed: 0 };
  #taken = 0;
  #refusal: SamplesRefused | undefined;
  #mustAttachAgain = false;
  #lastFlushMs: number | undefined;
  #compaction: Promise<void> | undefined;
  #compactionFailure: string | undefined;
  #nextCompactionMs = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(store: DayStore, settings: EmbeddedSettings, clock: () => number) {
    this.#store = store;
    this.#settings = settings;
    this.#clock = clock;
    this.#names = new SeriesNames(store);
    this.#schedule();
  }

  readonly append = async (batch: SampleBatch): Promise<void> => {
    this.#checkOpen();
    if (this.#refusal !== undefined) throw this.#refusal;
    const nowMs = this.#clock();
    const plan = planBatch(batch, this.#settings, nowMs, this.#dropped);
    const missing = (): string | undefined => [...plan.keys()].find((day) => this.#store.dayIfOpen(day) === undefined);
    for (let day = missing(); day !== undefined; day = missing()) {
      await this.#store.openDay(day, nowMs).catch((error: unknown) => {
        throw (this.#refusal = refusalOf(error, this.#store.folder));
      });
      this.#checkOpen();
    }
    const buffered = this.#bufferedSamples;
    if (buffered + batch.samples.length > this.#settings.maxBufferedSamples) throw new SamplesRefused('too-fast', `${buffered} samples wait to be written, and no more are taken until they are.`);
    this.#taken += takePlanned(plan, (day) => this.#store.dayIfOpen(day)!, this.#settings, nowMs);
  };

  series(selector: SeriesSelector, fromMs: number, toMs: number, stepSeconds: number, signal?: AbortSignal): Promise<readonly Series[]> {
    return this.#series(selector, undefined, fromMs, toMs, stepSeconds, signal);
  }

  ofHost(host: string): History {
    return { series: (selector, fromMs, toMs, stepSeconds, signal) => this.#series(selector, host, fromMs, toMs, stepSeconds, signal) };
  }

  async #series(selector: SeriesSelector, host: string | undefined, fromMs: number, toMs: number, stepSeconds: number, signal: AbortSignal | undefined): Promise<readonly Series[]> {
    this.#checkOpen();
    const grid = new Grid(selector.metric, fromMs, toMs, stepSeconds, { series: this.#settings.maxSeriesPerAnswer, points: this.#settings.maxPointsPerAnswer });
    const matcher = matcherOf(selector, host);
    return this.#reading(() => {
      const span = [grid.fromMs - lookbackMs, grid.toMs] as const;
      return readSeries(this.#store.database, this.#store.dayFilesBetween(...span), this.#store.openDaysBetween(...span), matcher, grid, signal);
    }, signal);
  }

  hosts(): Promise<string[]> {
    this.#checkOpen();
    return this.#reading(() => this.#names.hosts());
  }

  metrics(host: string): Promise<string[]> {
    this.#checkOpen();
    return this.#reading(() => this.#names.metrics(host));
  }

  async #reading<Result>(body: () => Promise<Result>, signal?: AbortSignal): Promise<Result> {
    try {
      return await this.#store.reading(body);
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof UserError || error instanceof RangeError || error instanceof TypeError) throw error;
      const words = error instanceof Error ? error.message.split('\n', 1)[0]!.slice(0, 300) : 'unknown';
      throw new UserError('history-damaged', `The history in ${this.#store.folder} cannot be read in full: ${words}`, 'If a file is named, bring it back from a backup or move it out of the folder; if the disk is full, make room.');
    }
  }

  async flush(): Promise<void> {
    this.#checkOpen();
    return this.#store.inTurn(() => this.#flush());
  }

  async #flush(): Promise<void> {
    const startedMs = this.#clock();
    const { folder, database, openDays } = this.#store;
    try {
      if (this.#mustAttachAgain) await this.#store.attachAgain();
      this.#mustAttachAgain = false;
      checkRoom(folder, this.#settings.reserveBytes);
      for (const day of openDays) {
        this.#mustAttachAgain = true;
        await day.flush(database);
        if (day.recentRows >= this.#settings.settleRows) await day.settle(database);
        this.#mustAttachAgain = false;
      }
    } catch (error) {
      throw (this.#refusal = refusalOf(error, folder));
    }
    this.#refusal = undefined;
    this.#lastFlushMs = startedMs;
  }

  async compact(): Promise<void> {
    this.#checkOpen();
    return this.#compact(true);
  }

  /** One at a time. */
  async #compact(all: boolean): Promise<void> {
    while (this.#compaction !== undefined) await this.#compaction.catch(() => {});
    this.#checkOpen();
    this.#compaction = this.#store.compact(this.#clock(), all).finally(() => {
      this.#compaction = undefined;
    });
    try {
      await this.#compaction;
      this.#compactionFailure = undefined;
    } catch (error) {
      this.#nextCompactionMs = this.#clock() + retryMs;
      this.#compactionFailure = error instanceof Error ? error.message.split('\n', 1)[0]!.slice(0, 300) : 'unknown';
      throw error;
    }
  }

  /** The next flush comes `flushSeconds` after the beginning of the one before. */
  #schedule(tookMs = 0): void {
    const { flushSeconds } = this.#settings;
    if (flushSeconds === 0 || this.#closed) return;
    this.#timer = setTimeout(() => {
      const startedAt = performance.now();
      void this.#tick().then(() => this.#schedule(performance.now() - startedAt));
    }, Math.max(0, flushSeconds * 1000 - tookMs));
    this.#timer.unref();
  }

  /** What fails is in `stats()`, and told to who appends next. */
  async #tick(): Promise<void> {
    await this.flush().catch(() => {});
    if (this.#compaction === undefined && !this.#closed && this.#clock() >= this.#nextCompactionMs) void this.#compact(false).catch(() => {});
  }

  get #bufferedSamples(): number {
    return this.#store.openDays.reduce((sum, { pendingRows }) => sum + pendingRows, 0);
  }

  stats(): HistoryStats {
    const { openDays, closedDays, bytes } = this.#store;
    return {
      takenSamples: this.#taken,
      dropped: { ...this.#dropped },
      bufferedSamples: this.#bufferedSamples,
      openDays: openDays.length,
      closedDays: closedDays.length,
      bytesOnDisk: bytes,
      ...(this.#lastFlushMs !== undefined && { lastFlushMs: this.#lastFlushMs }),
      ...(this.#refusal !== undefined && { refusal: this.#refusal }),
      ...(this.#compactionFailure !== undefined && { compactionFailure: this.#compactionFailure }),
    };
  }

  #checkOpen(): void {
    if (this.#closed) throw new Error('the history is closed');
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#store.stopCompaction();
    await this.#compaction?.catch(() => {});
    try {
      await this.#store.inTurn(() => this.#flush());
    } finally {
      await this.#store.close();
    }
  }
}

/** Opens the history in a folder, which is made where it is missing. One process at a time; a UserError says who has it. */
export async function openEmbeddedHistory(folder: string, { clock, ...input }: EmbeddedOptions): Promise<EmbeddedHistory> {
  const settings = embeddedSettingsSchema.parse(input);
  useFolder(folder);
  return new Embedded(await DayStore.open(folder, settings, clock()), settings, clock);
}
