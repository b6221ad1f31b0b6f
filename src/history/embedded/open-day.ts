import { existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { literal, type Database, type SampleColumns } from './database.ts';
import { openFileName, startOfDay, type Day } from './day.ts';
import { PendingRows } from './pending-rows.ts';
import { SeriesIndex, storedValue, type SeriesEntry } from './series-index.ts';

/** A value that says that the series ends here. Day files have NULL. */
const endOfSeries = Number.NaN;

/** `main` has each series in ascending order of time, and no time twice; what came out of order is in `late`, where the last one counts. */
interface Rows {
  readonly main: PendingRows;
  readonly late: PendingRows;
}

const emptyRows = (): Rows => ({ main: new PendingRows(), late: new PendingRows() });

const sampleColumns = '(series INTEGER, millis INTEGER, value DOUBLE)';
const schema = [
  'CREATE TABLE series (id INTEGER, host VARCHAR, metric VARCHAR, labels VARCHAR, exact BOOLEAN)',
  // As they came, and, in slices, in the order of series and time, so that a reader of one series skips most of it.
  ...['recent', 'settled', 'late'].map((table) => `CREATE TABLE ${table} ${sampleColumns}`),
];

/** A day that takes samples: a DuckDB file with a dictionary of series, and what is not yet in it. */
export class OpenDay {
  readonly day: Day;
  readonly generation: number;
  readonly startMs: number;
  /** The name under which its file is attached. */
  readonly catalog: string;
  readonly index = new SeriesIndex();
  readonly path: string;
  /** When it last took a sample, in milliseconds since 1970. */
  lastTakenMs: number;
  /** Rows in `recent`. */
  recentRows = 0;
  #pending = emptyRows();
  #writing: Rows | undefined;
  #storedSeries = 0;

  private constructor(folder: string, day: Day, generation: number, nowMs: number) {
    this.day = day;
    this.generation = generation;
    this.startMs = startOfDay(day);
    this.catalog = `day_${day.replaceAll('-', '')}_${generation}`;
    this.path = join(folder, openFileName(day, generation));
    this.lastTakenMs = nowMs;
  }

  /** Opens the file, or makes it, and reads its dictionary. */
  static async open(database: Database, folder: string, day: Day, generation: number, nowMs: number): Promise<OpenDay> {
    const opened = new OpenDay(folder, day, generation, nowMs);
    if (!existsSync(opened.path)) await opened.#create(database);
    await opened.attach(database);
    await opened.#load(database);
    return opened;
  }

  /** Whole under another name first: a process that is killed in between must not leave a file that cannot be opened. */
  async #create(database: Database): Promise<void> {
    const fresh = `${this.path}.new`;
    for (const path of [fresh, `${fresh}.wal`]) rmSync(path, { force: true });
    await database.run(`ATTACH ${literal(fresh)} AS ${this.catalog}`);
    try {
      for (const statement of schema) await database.run(statement.replace('CREATE TABLE ', `CREATE TABLE ${this.catalog}.`));
    } finally {
      await database.run(`DETACH ${this.catalog}`);
    }
    renameSync(fresh, this.path);
  }

  async attach(database: Database): Promise<void> {
    await database.run(`ATTACH ${literal(this.path)} AS ${this.catalog}`);
  }

  async detach(database: Database): Promise<void> {
    await database.run(`DETACH ${this.catalog}`);
  }

  async #load(database: Database): Promise<void> {
    const last = await this.#lastWritten(database);
    await database.each(`SELECT host, metric, labels, exact FROM ${this.catalog}.series ORDER BY id`, [], ([hosts, metrics, labels, exact], rows) => {
      for (let row = 0; row < rows; row += 1) {
        const { millis, value } = last.get(this.index.entries.length) ?? { millis: -1, value: 0 };
        this.index.add({ host: hosts![row] as string, metric: metrics![row] as string, labels: labels![row] as string }, exact![row] as boolean, millis, Number.isNaN(value));
      }
    });
    this.#storedSeries = this.index.entries.length;
    await database.each(`SELECT count(*)::INTEGER FROM ${this.catalog}.recent`, [], ([count]) => {
      this.recentRows = count![0] as number;
    });
  }

  async #lastWritten(database: Database): Promise<Map<number, { millis: number; value: number }>> {
    const last = new Map<number, { millis: number; value: number }>();
    const both = `(SELECT * FROM ${this.catalog}.settled UNION ALL SELECT * FROM ${this.catalog}.recent)`;
    await database.each(`SELECT series, max(millis), arg_max(value, millis) FROM ${both} GROUP BY series`, [], ([series, millis, values], rows) => {
      for (let row = 0; row < rows; row += 1) last.set(series![row] as number, { millis: millis![row] as number, value: values![row] as number });
    });
    return last;
  }

  /** Takes a sample into memory. */
  take(entry: SeriesEntry, timeMs: number, value: number | 'ended', nowMs: number): void {
    const millis = timeMs - this.startMs;
    const stored = value === 'ended' ? endOfSeries : storedValue(entry, value);
    this.lastTakenMs = nowMs;
    if (millis <= entry.lastMillis) {
      this.#pending.late.add(entry.id, millis, stored);
      if (millis < entry.lastMillis) return;
    } else {
      this.#pending.main.add(entry.id, millis, stored);
      entry.lastMillis = millis;
    }
    this.index.setEnded(entry, value === 'ended');
  }

  get pendingRows(): number {
    return [this.#pending, this.#writing].reduce((sum, rows) => sum + (rows === undefined ? 0 : rows.main.length + rows.late.length), 0);
  }

  /** What is not yet in the file, or not surely, in the order in which it counts. */
  pendingColumns(): SampleColumns[] {
    return [this.#writing, this.#pending].flatMap((rows) => (rows === undefined ? [] : [rows.main.snapshot(), rows.late.snapshot()]));
  }

  /** Writes what is in memory, in one transaction. When it throws, all is still in memory. */
  async flush(database: Database): Promise<void> {
    if (this.pendingRows === 0) return;
    const rows = this.#pending;
    const seriesCount = this.index.entries.length;
    this.#pending = emptyRows();
    this.#writing = rows;
    try {
      await database.transaction(async () => {
        await database.appendSeries(this.catalog, this.index.entries.slice(this.#storedSeries, seriesCount));
        await database.appendSamples(this.catalog, 'recent', rows.main.snapshot());
        await database.appendSamples(this.catalog, 'late', rows.late.snapshot());
      });
    } catch (error) {
      rows.main.addAll(this.#pending.main.snapshot());
      rows.late.addAll(this.#pending.late.snapshot());
      this.#pending = rows;
      throw error;
    } finally {
      this.#writing = undefined;
    }
    this.#storedSeries = seriesCount;
    this.recentRows += rows.main.length;
  }

  /** After a write of which nobody knows whether it was done: what is in the file is not written again. */
  async forgetWritten(database: Database): Promise<void> {
    const last = await this.#lastWritten(database);
    const before = this.#pending;
    this.#pending = { main: new PendingRows(), late: before.late };
    const main = before.main.snapshot();
    for (let row = 0; row < main.length; row += 1) {
      if (main.millis[row]! > (last.get(main.series[row]!)?.millis ?? -1)) this.#pending.main.add(main.series[row]!, main.millis[row]!, main.values[row]!);
    }
    await database.each(`SELECT count(*)::INTEGER, (SELECT count(*)::INTEGER FROM ${this.catalog}.recent) FROM ${this.catalog}.series`, [], ([series, recent]) => {
      this.#storedSeries = series![0] as number;
      this.recentRows = recent![0] as number;
    });
  }

  /** Puts the rows that came last in order. Dropping the table gives its room back to the file; deleting rows would not. */
  async settle(database: Database): Promise<void> {
    const { catalog } = this;
    await database.transaction(async () => {
      await database.run(`INSERT INTO ${catalog}.settled SELECT * FROM ${catalog}.recent ORDER BY series, millis`);
      await database.run(`DROP TABLE ${catalog}.recent`);
      await database.run(`CREATE TABLE ${catalog}.recent ${sampleColumns}`);
    });
    this.recentRows = 0;
  }

  get bytes(): number {
    return [this.path, `${this.path}.wal`].reduce((sum, path) => sum + (statSync(path, { throwIfNoEntry: false })?.size ?? 0), 0);
  }

  /** Removes the file, which must not be attached. */
  remove(): void {
    for (const path of [this.path, `${this.path}.wal`]) rmSync(path, { force: true });
  }
}
