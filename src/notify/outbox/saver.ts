import type { OutboxChange } from './state.ts';
import type { OutboxStore } from './store.ts';

/** Puts changes into the store one commit after the other; those that come while one is under way share the next. What could not be saved goes along with the next. */
export class Saver {
  readonly #store: OutboxStore;
  #unsaved: OutboxChange[] = [];
  #writing: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;
  /** Why the last commit failed. */
  problem: string | undefined;

  constructor(store: OutboxStore) {
    this.#store = store;
  }

  /** Resolves when these changes are safe, and rejects when the store did not take them. */
  save(changes: readonly OutboxChange[]): Promise<void> {
    for (const change of changes) this.#unsaved.push(change);
    this.#next ??= this.#writing.then(() => {
      this.#next = undefined;
      const result = this.#write();
      this.#writing = result.catch(() => undefined);
      return result;
    });
    return this.#next;
  }

  async #write(): Promise<void> {
    const batch = this.#unsaved;
    this.#unsaved = [];
    if (batch.length === 0) return;
    try {
      await this.#store.commit(batch);
      this.problem = undefined;
    } catch (error) {
      this.#unsaved = [...batch, ...this.#unsaved];
      this.problem = error instanceof Error ? error.message : String(error);
      throw error;
    }
  }
}
