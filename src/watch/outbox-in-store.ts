import type { OutboxStore } from '../notify/outbox/store.ts';
import { endings, OutboxState, type EndedItem, type OutboxChange, type QueuedItem } from '../notify/outbox/state.ts';
import { endMessage, enqueue, lastSequence, loadOutbox, noteAttempt, type QueuedMessage } from '../store/outbox.ts';
import type { Store } from '../store/open.ts';

const remembered = 20_000;

/** An item's name begins with that of its channel, which the store has by itself. */
const ownId = (id: string, channel: string): string => id.slice(channel.length + 1);
const channelOf = (id: string): string => id.slice(0, id.indexOf('/'));

/** An item of the outbox as the store has it. */
export const messageOf = (item: QueuedItem): QueuedMessage => ({ ...item, id: ownId(item.id, item.channel) });

/** The queue of notifications in the server's database, so that a step of an incident and its messages are saved as one. */
export class OutboxInStore implements OutboxStore {
  readonly remarks: readonly string[] = [];
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  async load(): Promise<OutboxState> {
    const { waiting, ended } = await this.#store.read((db) => loadOutbox(db, remembered));
    const state = new OutboxState();
    for (const { id, channel, incidentId, kind, atMs, how, subject, reason } of ended) {
      const known = endings.find((one) => one === how) ?? 'given-up';
      const failure = known === 'refused' || known === 'given-up' ? { subject, reason: reason ?? '' } : {};
      const item: EndedItem = { id: `${channel}/${id}`, channel, ...(incidentId === undefined ? {} : { thread: incidentId }), atMs, how: known, digest: kind === 'digest', ...failure };
      state.apply({ op: 'ended', ended: item });
    }
    for (const { lastError, ...item } of waiting) state.apply({ op: 'put', item: { ...item, id: `${item.channel}/${item.id}`, ...(lastError === undefined ? {} : { lastError }) } });
    state.lastSequence = await this.#store.read(lastSequence);
    return state;
  }

  async commit(changes: readonly OutboxChange[]): Promise<void> {
    await this.#store.write(async (db) => {
      for (const change of changes) {
        if (change.op === 'put') await enqueue(db, [messageOf(change.item)]);
        else if (change.op === 'attempted') {
          const channel = channelOf(change.id);
          await noteAttempt(db, { id: ownId(change.id, channel), channel }, change.attempts, change.notBeforeMs, change.lastError);
        } else await endMessage(db, { ...change.ended, id: ownId(change.ended.id, change.ended.channel) });
      }
    });
  }

  /** The store is closed by whoever opened it. */
  async close(): Promise<void> {
    await Promise.resolve();
  }
}
