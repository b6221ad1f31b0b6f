import { type Dialect, SqliteAdapter, type SqliteDatabase, SqliteDriver, SqliteIntrospector, SqliteQueryCompiler } from 'kysely';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';

/** Node's own SQLite for Kysely: one connection. */
function databaseOf(database: DatabaseSync): SqliteDatabase {
  return {
    close: () => database.close(),
    prepare: (text) => {
      // What begins may write: waiting for the lock at once is possible, while a reader that turns writer late is refused.
      const statement = database.prepare(text === 'begin' ? 'begin immediate' : text);
      return {
        reader: statement.columns().length > 0,
        all: (values) => statement.all(...(values as SQLInputValue[])),
        run: (values) => statement.run(...(values as SQLInputValue[])),
        iterate: (values) => statement.iterate(...(values as SQLInputValue[])),
      };
    },
  };
}

/** SQLite can undo changes of tables; Kysely leaves that unused. A migration that is cut short must not leave half of it. */
class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

/**
 * A database in a file. WAL with synchronous=FULL: what was committed is on the disk (https://sqlite.org/pragma.html#pragma_synchronous). Others that
 * read or write it are waited for, at most five seconds.
 */
export function sqliteDialect(path: string): Dialect {
  const open = (): SqliteDatabase => {
    const database = new DatabaseSync(path, { timeout: 5_000 });
    database.exec('pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on;');
    return databaseOf(database);
  };
  return {
    createAdapter: () => new TransactionalAdapter(),
    createDriver: () => new SqliteDriver({ database: async () => open() }),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}
