import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import { UserError } from '../define/errors.ts';
import type { StoreAddress } from './address.ts';
import { isPassing, patience, persistently, type Patience, storeError } from './faults.ts';
import { connectionSettings } from './postgres.ts';

/** That this process is the only server of a store. */
export interface ServerLock {
  /** Aborted when the place is lost for good: the server must end. */
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

const inUse = (): UserError => new UserError('store-in-use', 'Another server uses this store.', 'Stop it first, or give this one a data folder or database of its own.');

/**
 * An exclusive transaction on a database beside the store, for as long as the process lives: the system frees it however the process ends, and an id of a process
 * that a file would name may belong to another by then. The store itself stays readable for others.
 */
function lockFile(path: string): ServerLock {
  const database = new DatabaseSync(`${path}.lock`, { timeout: 0 });
  try {
    database.exec('pragma journal_mode = delete; begin exclusive');
  } catch (error) {
    database.close();
    throw isPassing(error) ? inUse() : error;
  }
  return {
    lost: new AbortController().signal,
    release: async () => {
      if (database.isOpen) database.close();
    },
  };
}

/** Number of the advisory lock (PostgreSQL's manual, 13.3.5): one of each database. "culprit" as bytes. */
const lockKey = '27995125163682164';

/**
 * An advisory lock of PostgreSQL, held by a connection of its own. When that breaks (the database restarts), it is taken again; `onRegained` runs before anybody is
 * told that all is well. When another server was quicker, the place is lost.
 */
async function lockDatabase(url: string, wait: Patience, onRegained: () => Promise<void>): Promise<ServerLock> {
  const lost = new AbortController();
  let released = false;
  let holder: pg.Client | undefined;
  async function regain(): Promise<void> {
    try {
      await takePatiently();
      if (!released) await onRegained();
    } catch (error) {
      if (!released) lost.abort(error);
    }
  }
  async function take(): Promise<void> {
    const client = new pg.Client(connectionSettings(url));
    let isHolder = false;
    const broken = (): void => {
      if (!isHolder || released) return;
      isHolder = false;
      void regain();
    };
    client.on('error', broken);
    client.on('end', broken);
    try {
      await client.connect();
      const { rows } = await client.query<{ taken: boolean }>('select pg_try_advisory_lock($1) as taken', [lockKey]);
      if (rows[0]?.taken !== true) throw inUse();
      isHolder = true;
      holder = client;
      if (released) await client.end();
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
  }
  /** The session of a process that was killed may live on for a moment, and so may our own after a break. */
  async function takePatiently(): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await persistently(take, wait, () => !released);
      } catch (error) {
        if (released || tries >= 10 || !(error instanceof UserError) || error.code !== 'store-in-use') throw error;
        await new Promise((resolve) => setTimeout(resolve, 300));
      }
    }
  }
  await takePatiently();
  return {
    lost: lost.signal,
    release: async () => {
      released = true;
      await holder?.end().catch(() => undefined);
    },
  };
}

/** Makes this process the only server of the store, or says that there is one. */
export async function lockForServer(address: StoreAddress, onRegained: () => Promise<void>, wait: Patience = patience): Promise<ServerLock> {
  try {
    return address.dialect === 'sqlite' ? lockFile(address.path) : await lockDatabase(address.url, wait, onRegained);
  } catch (error) {
    throw storeError(error);
  }
}
