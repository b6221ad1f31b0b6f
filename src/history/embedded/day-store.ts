import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../define/errors.ts';
import { compactDay, freshFolder, generationOf, putInPlace } from './compaction.ts';
import { Database } from './database.ts';
import { dayFileName, dayMs, folderContent, startOfDay, type Day } from './day.ts';
import { checkRoom } from './disk-room.ts';
import { claimFolder, lockFolder } from './folder-lock.ts';
import { Gate } from './gate.ts';
import { OpenDay } from './open-day.ts';
import { expiredDays } from './retention.ts';
import type { EmbeddedSettings } from './settings.ts';

function damaged(path: string, error: unknown): UserError {
  return new UserError('history-damaged', `The history cannot read ${path}: ${error instanceof Error ? error.message.split('\n', 1)[0]!.slice(0, 300) : 'unknown'}`, 'Bring the file back from a backup, or move it out of the folder.');
}

/**
 * The files of the history: databases of open days, sorted files of closed ones. Who writes does so in turn (`inTurn`), who reads does so together (`reading`); whoever needs both takes his turn first.
 */
export class DayStore {
  readonly folder: string;
  readonly database: Database;
  readonly #settings: EmbeddedSettings;
  readonly #release: () => void;
  readonly #gate = new Gate();
  #turns: Promise<unknown> = Promise.resolve();
  readonly #open = new Map<Day, OpenDay>();
  /** Closed to samples, and not yet in a day file; in the order in which they count. */
  #sealed: OpenDay[] = [];
  readonly #dayFiles = new Map<Day, { readonly bytes: number }>();
  #stopCompaction: AbortController | undefined;
  #closing = false;
  /** Grows whenever a day file comes, changes or goes. */
  version = 0;

  private constructor(folder: string, settings: EmbeddedSettings, database: Database, release: () => void) {
    this.folder = folder;
    this.#settings = settings;
    this.database = database;
    this.#release = release;
  }

  static async open(folder: string, settings: EmbeddedSettings, nowMs: number): Promise<DayStore> {
    const release = claimFolder(folder);
    let database: Database | undefined;
    try {
      const temporary = join(folder, 'tmp');
      database = await Database.open(settings, temporary);
      await lockFolder(database, folder);
      freshFolder(temporary);
      const store = new DayStore(folder, settings, database, release);
      await store.#find(nowMs);
      return store;
    } catch (error) {
      database?.close();
      release();
      throw error;
    }
  }

  /** Takes up what is there, and clears away what an ended process left. */
  async #find(nowMs: number): Promise<void> {
    const { dayFiles, openFiles, leftovers } = folderContent(readdirSync(this.folder));
    for (const name of leftovers) rmSync(join(this.folder, name), { force: true });
    for (const day of dayFiles) this.#noteDayFile(day);
    for (const [at, { day, generation }] of openFiles.entries()) {
      const done = await this.#generationOfFile(day);
      const found = join(this.folder, `open-${day}-${generation}.duckdb`);
      if (generation <= done) {
        for (const path of [found, `${found}.wal`]) rmSync(path, { force: true });
        continue;
      }
      const opened = await OpenDay.open(this.database, this.folder, day, generation, nowMs).catch((error: unknown) => {
        throw damaged(found, error);
      });
      if (openFiles[at + 1]?.day === day) this.#sealed.push(opened);
      else this.#open.set(day, opened);
    }
  }

  #noteDayFile(day: Day): void {
    this.#dayFiles.set(day, { bytes: statSync(this.dayFile(day)).size });
    this.version += 1;
  }

  async #generationOfFile(day: Day): Promise<number> {
    if (!this.#dayFiles.has(day)) return 0;
    return generationOf(this.database, this.dayFile(day)).catch((error: unknown) => {
      throw damaged(this.dayFile(day), error);
    });
  }

  dayFile(day: Day): string {
    return join(this.folder, dayFileName(day));
  }

  get closedDays(): Day[] {
    return [...this.#dayFiles.keys()].sort();
  }

  /** In the order in which they count: a later generation of a day after an earlier one. */
  get openDays(): OpenDay[] {
    return [...this.#sealed, ...this.#open.values()];
  }

  get bytes(): number {
    return [...this.#dayFiles.values(), ...this.openDays].reduce((sum, { bytes }) => sum + bytes, 0);
  }

  dayIfOpen(day: Day): OpenDay | undefined {
    return this.#open.get(day);
  }

  inTurn<Result>(body: () => Promise<Result>): Promise<Result> {
    const turn = this.#turns.then(body);
    this.#turns = turn.catch(() => {});
    return turn;
  }

  reading<Result>(body: () => Promise<Result>): Promise<Result> {
    return this.#gate.shared(body);
  }

  /** The database of a day that takes samples; made where there is none. */
  openDay(day: Day, nowMs: number): Promise<OpenDay> {
    return this.inTurn(async () => {
      const known = this.#open.get(day);
      if (known !== undefined) return known;
      checkRoom(this.folder, this.#settings.reserveBytes);
      const sealed = this.#sealed.filter((one) => one.day === day).map(({ generation }) => generation);
      const opened = await OpenDay.open(this.database, this.folder, day, Math.max(await this.#generationOfFile(day), ...sealed) + 1, nowMs);
      this.#open.set(day, opened);
      return opened;
    });
  }

  /** Opens the databases again after a write has failed: DuckDB may refuse everything from then on. Within a turn. */
  async attachAgain(): Promise<void> {
    this.#stopCompaction?.abort();
    await this.#gate.exclusive(async () => {
      for (const day of this.openDays) {
        // Where the database is spoilt, or a checkpoint finds no room, it is detached all the same.
        await day.detach(this.database).catch(() => {});
        await day.attach(this.database);
        await day.forgetWritten(this.database);
      }
    });
  }

  /** Writes the file of each day that is over. `all`: also where late samples may still come. */
  async compact(nowMs: number, all: boolean): Promise<void> {
    const { graceMinutes, quietMinutes, reserveBytes } = this.#settings;
    for (const day of this.#open.values()) {
      const over = day.startMs + dayMs + graceMinutes * 60_000 <= nowMs;
      const quiet = all || !this.#dayFiles.has(day.day) || day.lastTakenMs + quietMinutes * 60_000 <= nowMs;
      if (over && quiet) await this.#seal(day);
    }
    const failed = new Map<Day, unknown>();
    for (const day of this.#sealed) {
      if (this.#closing || failed.has(day.day)) continue;
      try {
        checkRoom(this.folder, reserveBytes + day.bytes);
        await this.#compactOne(day);
      } catch (error) {
        failed.set(day.day, error);
      }
    }
    await this.#deleteExpired(nowMs);
    for (const error of failed.values()) throw error;
  }

  #seal(day: OpenDay): Promise<void> {
    return this.inTurn(async () => {
      await day.flush(this.database);
      this.#open.delete(day.day);
      this.#sealed = [...this.#sealed, day];
    });
  }

  async #compactOne(day: OpenDay): Promise<void> {
    const stop = new AbortController();
    this.#stopCompaction = stop;
    const path = this.dayFile(day.day);
    const isEmpty = day.index.entries.length === 0;
    const written = isEmpty ? undefined : this.#gate.shared(() => compactDay(this.database, day, path, stop.signal));
    const fresh = await written?.finally(() => {
      this.#stopCompaction = undefined;
    });
    await this.inTurn(() =>
      this.#gate.exclusive(async () => {
        if (fresh !== undefined) {
          putInPlace(fresh, path);
          this.#noteDayFile(day.day);
        }
        this.#sealed = this.#sealed.filter((one) => one !== day);
        await day.detach(this.database).catch(() => {});
        day.remove();
      }),
    );
  }

  #deleteExpired(nowMs: number): Promise<void> {
    const files = [...this.#dayFiles].map(([day, { bytes }]) => ({ day, bytes }));
    const others = this.openDays.reduce((sum, { bytes }) => sum + bytes, 0);
    const expired = expiredDays(files, others, nowMs, this.#settings);
    if (expired.length === 0) return Promise.resolve();
    return this.#gate.exclusive(async () => {
      for (const day of expired) {
        rmSync(this.dayFile(day), { force: true });
        this.#dayFiles.delete(day);
      }
      this.version += 1;
    });
  }

  /** Day files that may have samples between two times. */
  dayFilesBetween(fromMs: number, toMs: number): string[] {
    return this.closedDays.filter((day) => startOfDay(day) <= toMs && startOfDay(day) + dayMs > fromMs).map((day) => this.dayFile(day));
  }

  openDaysBetween(fromMs: number, toMs: number): OpenDay[] {
    return this.openDays.filter(({ startMs }) => startMs <= toMs && startMs + dayMs > fromMs);
  }

  /** For good. */
  stopCompaction(): void {
    this.#closing = true;
    this.#stopCompaction?.abort();
  }

  /** Lets go of all files. What DuckDB cannot bring to an end is in its journal, and done at the next opening. */
  async close(): Promise<void> {
    this.stopCompaction();
    await this.inTurn(() =>
      this.#gate.exclusive(async () => {
        for (const day of this.openDays) await day.detach(this.database).catch(() => {});
        this.database.close();
        this.#release();
      }),
    );
  }
}
