import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cacheFolder } from '../cache.ts';

/** Results that are kept one a line, so that a long run goes on where it stopped. */
export class Journal<T> {
  readonly #file: string;
  readonly entries: T[];

  constructor(name: string) {
    this.#file = join(cacheFolder(), 'trials', `${name}.jsonl`);
    mkdirSync(dirname(this.#file), { recursive: true });
    const lines = existsSync(this.#file) ? readFileSync(this.#file, 'utf8').split('\n') : [];
    this.entries = lines.filter((line) => line !== '').map((line) => JSON.parse(line) as T);
  }

  add(entry: T): void {
    this.entries.push(entry);
    appendFileSync(this.#file, `${JSON.stringify(entry)}\n`);
  }
}
