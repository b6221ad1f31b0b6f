import { type Dialect, PostgresDialect } from 'kysely';
import pg from 'pg';

const bigint = 20;

/** Whole numbers of 64 bits as numbers: the store's are times in milliseconds and counts, far below 2^53. */
const types: pg.CustomTypesConfig = {
  getTypeParser: ((id: number, format?: 'text') => (id === bigint ? Number : pg.types.getTypeParser(id, format))) as pg.CustomTypesConfig['getTypeParser'],
};

/** Settings of every connection: who does not answer is given up, so that it can be tried again. */
export function connectionSettings(url: string): pg.ClientConfig {
  return { connectionString: url, application_name: 'culprit', connectionTimeoutMillis: 5_000, query_timeout: 60_000, keepAlive: true, types };
}

export function postgresDialect(url: string): Dialect {
  const pool = new pg.Pool({ ...connectionSettings(url), max: 5 });
  // A connection that breaks is replaced, and who uses it gets the error; without a listener it would end the process, idle or in use.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return new PostgresDialect({ pool });
}
