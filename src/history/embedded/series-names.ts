import { literal } from './database.ts';
import type { DayStore } from './day-store.ts';

/** Which hosts and metrics there are. What day files have is looked up once a file. */
export class SeriesNames {
  readonly #store: DayStore;
  #known = new Map<string, readonly string[]>();
  #version = -1;

  constructor(store: DayStore) {
    this.#store = store;
  }

  hosts(): Promise<string[]> {
    return this.#all('host', 'true', [], this.#store.openDays.flatMap(({ index }) => index.hosts()));
  }

  metrics(host: string): Promise<string[]> {
    return this.#all('metric', 'host = $1', [host], this.#store.openDays.flatMap(({ index }) => index.metricsOf(host)));
  }

  #all(column: string, condition: string, values: readonly string[], open: readonly string[]): Promise<string[]> {
    return this.#store.reading(async () => {
      if (this.#version !== this.#store.version) [this.#known, this.#version] = [new Map(), this.#store.version];
      const names = new Set(open);
      for (const day of this.#store.closedDays) for (const name of await this.#ofFile(this.#store.dayFile(day), column, condition, values)) names.add(name);
      return [...names].sort();
    });
  }

  async #ofFile(path: string, column: string, condition: string, values: readonly string[]): Promise<readonly string[]> {
    const key = [path, column, ...values].join('\n');
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const names: string[] = [];
    await this.#store.database.each(`SELECT DISTINCT ${column} FROM read_parquet(${literal(path)}) WHERE ${condition}`, values, ([found]) => names.push(...(found as string[])));
    this.#known.set(key, names);
    return names;
  }
}
