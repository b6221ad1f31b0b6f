import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { UserError } from '../define/errors.ts';
import type { KnownIssue } from '../define/known-issue.ts';

/** Parses and checks the text of one file. */
export type IssueLoader = (text: string, file: string) => { readonly issue: KnownIssue } | { readonly problems: readonly string[] };

/** What a user's own folder of known issues held. */
export interface PrivateCatalog {
  readonly issues: readonly KnownIssue[];
  /** One for each thing that is wrong in a file that was left out for it, as `file:line: where: what`. */
  readonly problems: readonly string[];
}

export const privateCatalogLimits = { files: 1_000, depth: 5, fileBytes: 262_144 } as const;

function* issueFiles(folder: string, depth: number): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && depth < privateCatalogLimits.depth && !entry.name.startsWith('.')) yield* issueFiles(path, depth + 1);
    else if (entry.isFile() && entry.name.endsWith('.issue.md')) yield path;
  }
}

function readFile(path: string, name: string, load: IssueLoader): ReturnType<IssueLoader> {
  try {
    if (statSync(path).size > privateCatalogLimits.fileBytes) return { problems: [`${name}:1: larger than ${privateCatalogLimits.fileBytes} bytes`] };
    return load(readFileSync(path, 'utf8'), name);
  } catch (error) {
    return { problems: [`${name}:1: cannot be read: ${error instanceof Error ? error.message : 'unknown'}`] };
  }
}

/**
 * Reads all `*.issue.md` files of a folder and the folders in it, through `load`. A broken file is reported and
 * does not stop the rest. `takenIds` are those of the issues that are shipped.
 */
export function readPrivateCatalog(folder: string, load: IssueLoader, takenIds: readonly string[] = []): PrivateCatalog {
  const files: string[] = [];
  try {
    for (const file of issueFiles(folder, 0)) {
      files.push(file);
      if (files.length > privateCatalogLimits.files) break;
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : 'unknown';
    throw new UserError('catalog-not-readable', `The folder ${folder} cannot be read: ${why}.`, 'Give a folder of *.issue.md files that you may read.');
  }
  const ids = new Set(takenIds);
  const issues: KnownIssue[] = [];
  const problems: string[] = [];
  for (const file of files.slice(0, privateCatalogLimits.files)) {
    const name = relative(folder, file);
    const loaded = readFile(file, name, load);
    if ('problems' in loaded) problems.push(...loaded.problems);
    else if (ids.has(loaded.issue.id)) problems.push(`${name}:2: id: ${loaded.issue.id} is taken already`);
    else {
      ids.add(loaded.issue.id);
      issues.push(loaded.issue);
    }
  }
  if (files.length > privateCatalogLimits.files) {
    problems.push(`${folder}: only the first ${privateCatalogLimits.files} files are read`);
  }
  return { issues, problems };
}
