import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join, relative } from 'node:path';

/** One line for each file of a folder: path, kind, whether it can be run, and its content's hash or the link's target. Sorted. */
export function inputsIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => !entry.isDirectory());
  return names
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      const name = relative(folder, path);
      if (entry.isSymbolicLink()) return `${name} -> ${readlinkSync(path)}`;
      const kind = lstatSync(path).mode & 0o100 ? 'program' : 'file';
      return `${name} ${kind} ${createHash('sha256').update(readFileSync(path)).digest('hex')}`;
    })
    .toSorted();
}

/** Twelve hexadecimal digits that change whenever one of the words or one of the folders' files does. */
export function hashOf(words: readonly string[], folders: readonly string[] = []): string {
  const inputs = [words, ...folders.map((folder) => inputsIn(folder))];
  return createHash('sha256').update(JSON.stringify(inputs)).digest('hex').slice(0, 12);
}
