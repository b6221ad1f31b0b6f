import { OutboxState, type OutboxChange } from './state.ts';

/** Where the queue is kept. */
export interface OutboxStore {
  /** The queue as it was kept. Called once, before all else. */
  load(): Promise<OutboxState>;
  /** When it resolves, all of the changes survive whatever happens; when it rejects, none or some of them may, and they are handed in again. Never called while another call is under way. */
  commit(changes: readonly OutboxChange[]): Promise<void>;
  /** What a person should know about the store itself: damage that it found. */
  readonly remarks: readonly string[];
  close(): Promise<void>;
}

/** For tests: keeps what it is given in memory. Another outbox on the same store goes on where the last one ended. */
export class MemoryOutboxStore implements OutboxStore {
  readonly remarks: readonly string[] = [];
  readonly state = new OutboxState();
  /** Set to make `commit` fail with this text. */
  failing: string | undefined;

  load(): Promise<OutboxState> {
    return Promise.resolve(this.state.copy());
  }

  async commit(changes: readonly OutboxChange[]): Promise<void> {
    await Promise.resolve();
    if (this.failing !== undefined) throw new Error(this.failing);
    for (const change of changes) this.state.apply(change);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
