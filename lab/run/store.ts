import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../cache.ts';
import type { RunResult } from '../define.ts';
import { jobName, type Job } from '../scenarios.ts';

const root = join(import.meta.dirname, '..', '..');

/** A result as it lies in the cache: with what the product was when it spoke. */
export interface StoredResult extends RunResult {
  readonly productHash: string;
}

export const folderOf = (job: Job): string => join(cacheFolder(), 'results', jobName(job));
export const caseFileOf = (job: Job): string => join(folderOf(job), 'case.tgz');

/** Hash of everything of the product that runs, so that a verdict is known to be of this very product. */
export function productHash(): string {
  const hash = createHash('sha256');
  for (const file of globSync('src/**/*.{ts,md}', { cwd: root }).sort()) {
    if (!file.endsWith('.test.ts')) hash.update(`${file}\0${readFileSync(join(root, file), 'utf8')}\0`);
  }
  return hash.digest('hex').slice(0, 12);
}

export function readResult(job: Job): StoredResult | undefined {
  const file = join(folderOf(job), 'result.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as StoredResult) : undefined;
}

export function writeResult(job: Job, result: StoredResult): void {
  mkdirSync(folderOf(job), { recursive: true });
  const file = join(folderOf(job), 'result.json');
  writeFileSync(`${file}.part`, `${JSON.stringify(result, null, 2)}\n`);
  renameSync(`${file}.part`, file);
}
