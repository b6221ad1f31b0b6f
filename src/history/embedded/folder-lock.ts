import { linkSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../define/errors.ts';
import { literal, type Database } from './database.ts';

/** Folders that this process has open: locks of files (fcntl) hold between processes only, and a second opening in the same process would even end the first one's. */
const openFolders = new Set<string>();

const lockFile = 'lock.duckdb';

export function claimFolder(folder: string): () => void {
  const path = realpathSync(folder);
  if (openFolders.has(path)) throw inUse(path, 'this process');
  openFolders.add(path);
  return () => openFolders.delete(path);
}

function inUse(folder: string, who: string): UserError {
  return new UserError('history-in-use', `The history in ${folder} is already open in ${who}.`, 'End the other server, or give this one a folder of its own.');
}

/**
 * Takes DuckDB's lock on a file that is attached for as long as the database is open. The system takes it away with the process, however that ends. The file is made whole under another name
 * first: a process that is killed in between must not leave one that nobody can open.
 */
export async function lockFolder(database: Database, folder: string): Promise<void> {
  const fresh = join(folder, `lock-${process.pid}.new`);
  rmSync(fresh, { force: true });
  await database.run(`ATTACH ${literal(fresh)} AS folder_lock`);
  await database.run('DETACH folder_lock');
  try {
    linkSync(fresh, join(folder, lockFile));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(fresh, { force: true });
  }
  try {
    await database.run(`ATTACH ${literal(join(folder, lockFile))} AS folder_lock`);
  } catch (error) {
    if (!(error instanceof Error) || !error.message.includes('Could not set lock')) throw error;
    const holder = /PID (\d+)/.exec(error.message)?.[1];
    throw inUse(folder, holder === undefined ? 'another process' : `process ${holder}`);
  }
}
