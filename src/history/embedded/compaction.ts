import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { literal, type Database } from './database.ts';
import type { OpenDay } from './open-day.ts';

/** Waits until a file, or the names in a folder, are on the disk. */
export function syncToDisk(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Up to which generation of the day's databases a day file has everything. */
export async function generationOf(database: Database, dayFile: string): Promise<number> {
  let generation = 0;
  await database.each(`SELECT decode(value) FROM parquet_kv_metadata(${literal(dayFile)}) WHERE decode(key) = 'generation'`, [], ([values]) => {
    generation = Number(values?.[0] ?? 0);
  });
  return generation;
}

/** Rows of a day as (rank, millis, value): ranks number the series in the order of the file. Later sources stand in for earlier ones with the same series and time. */
function rowsSql(day: OpenDay, dayFile: string | undefined): string {
  const main = ['settled', 'recent'].map((table) => `SELECT * FROM ${day.catalog}.${table}`).join(' UNION ALL ');
  const open = `SELECT ranks.rank, rows.millis, rows.value FROM (
      SELECT * FROM (${main}) ANTI JOIN late USING (series, millis) UNION ALL SELECT * FROM late
    ) rows JOIN ranks ON ranks.id = rows.series`;
  if (dayFile === undefined) return open;
  const closed = `SELECT names.rank, (epoch_ms(file."time") - ${day.startMs})::INTEGER AS millis, file.value FROM read_parquet(${literal(dayFile)}) file JOIN names USING (host, metric, labels)`;
  return `WITH open AS MATERIALIZED (${open}) SELECT * FROM (${closed}) ANTI JOIN open USING (rank, millis) UNION ALL SELECT * FROM open`;
}

async function writeDayFile(connection: DuckDBConnection, day: OpenDay, before: string | undefined, path: string): Promise<void> {
  const { catalog } = day;
  const known = before === undefined ? '' : `UNION SELECT host, metric, labels FROM read_parquet(${literal(before)})`;
  await connection.run(`CREATE TEMP TABLE names AS SELECT row_number() OVER (ORDER BY host, metric, labels)::INTEGER AS rank, host, metric, labels
    FROM (SELECT host, metric, labels FROM ${catalog}.series ${known})`);
  await connection.run(`CREATE TEMP TABLE ranks AS SELECT id, rank FROM ${catalog}.series JOIN names USING (host, metric, labels)`);
  await connection.run(`CREATE TEMP TABLE late AS SELECT series, millis, arg_max(value, rowid) AS value FROM ${catalog}.late GROUP BY series, millis`);
  // A join after the sort need not keep its order, and texts would take much room in it: the names go through the sort as numbers, which is what enumerations are.
  for (const column of ['host', 'metric', 'labels']) await connection.run(`CREATE TEMP TYPE ${column}_word AS ENUM (SELECT DISTINCT ${column} FROM names)`);
  await connection.run('CREATE TEMP TABLE words AS SELECT rank, host::host_word AS host, metric::metric_word AS metric, labels::labels_word AS labels FROM names');
  await connection.run(`COPY (
      SELECT host::VARCHAR AS host, metric::VARCHAR AS metric, labels::VARCHAR AS labels, epoch_ms(${day.startMs} + millis::BIGINT)::TIMESTAMP_MS AS "time", CASE WHEN isnan(value) THEN NULL ELSE value END AS value
      FROM (SELECT * FROM (${rowsSql(day, before)}) rows JOIN words USING (rank) ORDER BY rank, millis)
    ) TO ${literal(path)} (FORMAT parquet, COMPRESSION zstd, KV_METADATA {generation: '${day.generation}'})`);
}

/**
 * Writes the sorted file of a closed day, together with what its file had before, under a temporary name; it is whole and on the disk when this returns. The day must take no more samples. Returns
 * the temporary name.
 */
export async function compactDay(database: Database, day: OpenDay, dayFile: string, signal: AbortSignal): Promise<string> {
  const fresh = `${dayFile}.new`;
  rmSync(fresh, { force: true });
  try {
    await database.withConnection((connection) => writeDayFile(connection, day, existsSync(dayFile) ? dayFile : undefined, fresh), signal);
    syncToDisk(fresh);
    // What cannot be read back must not take the place of what it was made from.
    if ((await generationOf(database, fresh)) !== day.generation) throw new Error(`${fresh} cannot be read back`);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
  return fresh;
}

/** Gives the file its name. From here on, the database of the day is not needed any more. */
export function putInPlace(fresh: string, dayFile: string): void {
  renameSync(fresh, dayFile);
  syncToDisk(dirname(dayFile));
}

/** An empty folder for what does not fit into memory. */
export function freshFolder(path: string): void {
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path, { recursive: true, mode: 0o700 });
}
