import { existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { command } from './shell.ts';

/** Removes a folder, but nothing that is mounted below it: a build that was killed may have left /proc or /dev there. */
export async function removeTree(folder: string): Promise<void> {
  await command('rm', ['-rf', '--one-file-system', folder]);
}

function isAlive(processId: number): boolean {
  return existsSync(`/proc/${processId}`);
}

/** Removes what builds that were killed have left in a folder. */
async function removeLeftOvers(parent: string): Promise<void> {
  for (const name of readdirSync(parent)) {
    const processId = /\.unfinished-(\d+)$/.exec(name)?.[1];
    if (processId !== undefined && !isAlive(Number(processId))) await removeTree(join(parent, name));
  }
}

/**
 * Makes a folder in the cache that is either not there or whole: it is built beside its place and moved there at the end. Where two
 * builds run at the same time, the first one's result stays.
 */
export async function buildWhole(folder: string, build: (unfinished: string) => Promise<void>): Promise<void> {
  const parent = dirname(folder);
  mkdirSync(parent, { recursive: true });
  await removeLeftOvers(parent);
  const unfinished = join(parent, `${basename(folder)}.unfinished-${process.pid}`);
  await removeTree(unfinished);
  try {
    await build(unfinished);
    if (!existsSync(folder)) renameSync(unfinished, folder);
  } finally {
    await removeTree(unfinished);
  }
}

/** Removes the results of other inputs: folders beside this one that have the same name but for the twelve digits of the hash. */
export async function removeOlder(folder: string): Promise<void> {
  const stem = basename(folder).slice(0, -12);
  for (const name of readdirSync(dirname(folder))) {
    const isOlder = name.startsWith(stem) && /^[0-9a-f]{12}$/.test(name.slice(stem.length)) && name !== basename(folder);
    if (isOlder) await removeTree(join(dirname(folder), name));
  }
}
