import { DuckDBDataChunk, DuckDBInstance, DOUBLE, INTEGER, type DuckDBConnection, type DuckDBDoubleVector, type DuckDBIntegerVector, type DuckDBValue } from '@duckdb/node-api';
import type { EmbeddedSettings } from './settings.ts';

/** A text as a literal of SQL. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Rows of the table of samples, a column each. */
export interface SampleColumns {
  readonly length: number;
  readonly series: Int32Array;
  readonly millis: Int32Array;
  readonly values: Float64Array;
}

/** Rows of one chunk of DuckDB (STANDARD_VECTOR_SIZE). */
const chunkRows = 2048;

/**
 * One DuckDB in memory, to which the files of open days are attached: one limit on memory for all that goes on. Nothing is ever downloaded. One connection writes; each question has its own.
 */
export class Database {
  readonly #instance: DuckDBInstance;
  readonly #writer: DuckDBConnection;

  private constructor(instance: DuckDBInstance, writer: DuckDBConnection) {
    this.#instance = instance;
    this.#writer = writer;
  }

  static async open(settings: Pick<EmbeddedSettings, 'memoryLimitBytes' | 'threads'>, temporaryFolder: string): Promise<Database> {
    const instance = await DuckDBInstance.create(':memory:', {
      memory_limit: `${Math.floor(settings.memoryLimitBytes / (1024 * 1024))}MiB`,
      threads: String(settings.threads),
      temp_directory: temporaryFolder,
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      allow_community_extensions: 'false',
      preserve_insertion_order: 'true',
    });
    return new Database(instance, await instance.connect());
  }

  async run(sql: string): Promise<void> {
    await this.#writer.run(sql);
  }

  /** All or nothing. */
  async transaction(body: () => Promise<void>): Promise<void> {
    await this.run('BEGIN TRANSACTION');
    try {
      await body();
      await this.run('COMMIT');
    } catch (error) {
      // A commit that failed has rolled back by itself.
      await this.run('ROLLBACK').catch(() => {});
      throw error;
    }
  }

  /** In chunks: row by row, DuckDB's appender holds everything in memory until the event loop turns. */
  async appendSamples(catalog: string, table: string, rows: SampleColumns): Promise<void> {
    if (rows.length === 0) return;
    const appender = await this.#writer.createAppender(table, 'main', catalog);
    try {
      for (let from = 0; from < rows.length; from += chunkRows) {
        const count = Math.min(chunkRows, rows.length - from);
        const chunk = DuckDBDataChunk.create([INTEGER, INTEGER, DOUBLE], count);
        const series = chunk.getColumnVector(0) as DuckDBIntegerVector;
        const millis = chunk.getColumnVector(1) as DuckDBIntegerVector;
        const values = chunk.getColumnVector(2) as DuckDBDoubleVector;
        for (let row = 0; row < count; row += 1) {
          series.setItem(row, rows.series[from + row]!);
          millis.setItem(row, rows.millis[from + row]!);
          values.setItem(row, rows.values[from + row]!);
        }
        for (const vector of [series, millis, values]) vector.flush();
        appender.appendDataChunk(chunk);
      }
      appender.flushSync();
    } finally {
      appender.closeSync();
    }
  }

  async appendSeries(catalog: string, entries: readonly { readonly id: number; readonly host: string; readonly metric: string; readonly labels: string; readonly exact: boolean }[]): Promise<void> {
    if (entries.length === 0) return;
    const appender = await this.#writer.createAppender('series', 'main', catalog);
    try {
      for (const { id, host, metric, labels, exact } of entries) {
        appender.appendInteger(id);
        appender.appendVarchar(host);
        appender.appendVarchar(metric);
        appender.appendVarchar(labels);
        appender.appendBoolean(exact);
        appender.endRow();
      }
      appender.flushSync();
    } finally {
      appender.closeSync();
    }
  }

  /** A connection for something that takes a while, and can be cut short. */
  async withConnection<Result>(body: (connection: DuckDBConnection) => Promise<Result>, signal?: AbortSignal): Promise<Result> {
    signal?.throwIfAborted();
    const connection = await this.#instance.connect();
    const interrupt = (): void => connection.interrupt();
    signal?.addEventListener('abort', interrupt);
    try {
      return await body(connection);
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    } finally {
      signal?.removeEventListener('abort', interrupt);
      connection.closeSync();
    }
  }

  /** Rows of an answer, chunk by chunk, so that a large one is never held twice. */
  async each(sql: string, values: readonly string[], onColumns: (columns: DuckDBValue[][], rows: number) => void, signal?: AbortSignal): Promise<void> {
    await this.withConnection(async (connection) => {
      const result = await connection.stream(sql, [...values]);
      for (let chunk = await result.fetchChunk(); chunk !== null && chunk.rowCount > 0; chunk = await result.fetchChunk()) onColumns(chunk.getColumns(), chunk.rowCount);
    }, signal);
  }

  close(): void {
    this.#writer.closeSync();
    this.#instance.closeSync();
  }
}
