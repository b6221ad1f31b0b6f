import { Kysely, sql, type Transaction } from 'kysely';
import { Migrator } from 'kysely/migration';
import { chmodSync, existsSync } from 'node:fs';
import { UserError } from '../define/errors.ts';
import { storeAddress, type StoreAddress } from './address.ts';
import { isPassing, patience as usualPatience, persistently, type Patience, storeError } from './faults.ts';
import { migrations } from './migrations/index.ts';
import { postgresDialect } from './postgres.ts';
import { lockForServer, type ServerLock } from './server-lock.ts';
import { sqliteDialect } from './sqlite.ts';
import type { Tables } from './tables.ts';

/** A database of the store, whether inside a transaction or not. */
export type Db = Kysely<Tables> | Transaction<Tables>;

/** What the server remembers in SQL: incidents and what belongs to them, people, what was learned. */
export interface Store {
  readonly dialect: StoreAddress['dialect'];
  /** Aborted when another server has taken the store over: this one must end. */
  readonly lost: AbortSignal;
  /** Since how many seconds the database is away while it is tried again and again; undefined when it answered last. */
  readonly awaySeconds: number | undefined;
  /**
   * All or nothing, on the disk when it returns. It is done again while the database is away, also when only the answer was lost: work must come to the same when done
   * twice (keys chosen before, values not read before). A server that is not the only one any more is refused.
   */
  write<Result>(work: (db: Db) => Promise<Result>): Promise<Result>;
  read<Result>(work: (db: Db) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

export interface StoreOptions {
  /** Be its one server: refused while another is. Without it, a command looks in beside the server. */
  readonly asServer: boolean;
  readonly patience?: Patience;
}

const migratorOf = (db: Kysely<Tables>): Migrator => new Migrator({ db, provider: { getMigrations: async () => migrations } });

async function isOutOfDate(db: Kysely<Tables>): Promise<boolean> {
  return (await migratorOf(db).getMigrations()).some(({ executedAt }) => executedAt === undefined);
}

async function migrate(db: Kysely<Tables>): Promise<void> {
  const { error } = await migratorOf(db).migrateToLatest();
  if (error === undefined) return;
  if (error instanceof Error && /corrupted migrations/.test(error.message)) {
    throw new UserError('store-newer', 'A newer Culprit has changed this store.', 'Use that version or a newer one, or another data folder or database. There is no way back but a backup.');
  }
  throw error;
}

const generationName = 'server-generation';

/** Counts the servers that had this store, so that one that lost its place without noticing (its connection broke, another took over) writes nothing any more. */
async function nextGeneration(db: Kysely<Tables>): Promise<string> {
  return db.transaction().execute(async (tx) => {
    await tx.insertInto('instance_settings').values({ name: generationName, value: '0' }).onConflict((conflict) => conflict.column('name').doNothing()).execute();
    const { value } = await tx.updateTable('instance_settings').set({ value: sql<string>`cast(cast(value as bigint) + 1 as text)` }).where('name', '=', generationName).returning('value').executeTakeFirstOrThrow();
    return value;
  });
}

async function checkGeneration(tx: Db, dialect: StoreAddress['dialect'], generation: string): Promise<void> {
  const row = tx.selectFrom('instance_settings').select('value').where('name', '=', generationName);
  const found = await (dialect === 'postgres' ? row.forShare() : row).executeTakeFirst();
  if (found?.value !== generation) throw new UserError('store-in-use', 'Another server has taken this store over.', 'Stop one of the two, or give each a store of its own.');
}

/** Opens a store, and brings it up to date when it is of an older version. */
export async function openStore(where: string, { asServer, patience = usualPatience }: StoreOptions): Promise<Store> {
  const address = storeAddress(where);
  const fresh = address.dialect === 'sqlite' && !existsSync(address.path);
  const db = new Kysely<Tables>({ dialect: address.dialect === 'sqlite' ? sqliteDialect(address.path) : postgresDialect(address.url) });
  let lock: ServerLock | undefined;
  let generation: string | undefined;
  try {
    // Between losing and regaining the lock another server may have come and gone: then the generation has moved on, and what this one knows is not what is stored.
    lock = asServer ? await lockForServer(address, async () => persistently(() => checkGeneration(db, 'sqlite', generation!), patience), patience) : undefined;
    // A command does not change the tables under a server that runs.
    const guard = lock === undefined && (await persistently(() => isOutOfDate(db), patience)) ? await lockForServer(address, async () => undefined, patience) : undefined;
    await persistently(() => migrate(db), patience).finally(() => guard?.release());
    // Hashes of passwords and tokens are in it.
    if (fresh && address.dialect === 'sqlite') chmodSync(address.path, 0o600);
    generation = asServer ? await persistently(() => nextGeneration(db), patience) : undefined;
  } catch (error) {
    await lock?.release();
    await db.destroy().catch(() => undefined);
    throw storeError(error);
  }
  const write = <Result>(work: (tx: Db) => Promise<Result>): Promise<Result> =>
    db.transaction().execute(async (tx) => {
      if (generation !== undefined) await checkGeneration(tx, address.dialect, generation);
      return work(tx);
    });
  let awaySinceMs: number | undefined;
  const noting = <Result>(work: () => Promise<Result>) => async (): Promise<Result> => {
    try {
      const result = await work();
      awaySinceMs = undefined;
      return result;
    } catch (error) {
      if (isPassing(error)) awaySinceMs ??= performance.now();
      throw error;
    }
  };
  return {
    dialect: address.dialect,
    get awaySeconds() {
      return awaySinceMs === undefined ? undefined : (performance.now() - awaySinceMs) / 1_000;
    },
    lost: lock?.lost ?? new AbortController().signal,
    write: (work) => persistently(noting(() => write(work)), patience),
    read: (work) => persistently(noting(() => work(db)), patience),
    close: async () => {
      await db.destroy();
      await lock?.release();
    },
  };
}
