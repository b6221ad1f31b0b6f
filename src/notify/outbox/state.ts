import { z } from 'zod';
import { notificationSchema, type Notification } from '../../define/notification.ts';

/** One notification on its way through one channel. */
export const queuedItemSchema = z.object({
  /** `<channel>/<id of the notification>`. */
  id: z.string(),
  channel: z.string(),
  /** Grows with every item of the outbox: the order in which they were handed in. */
  sequence: z.number(),
  notification: notificationSchema,
  enqueuedAtMs: z.number(),
  attempts: z.number(),
  /** Not tried before. */
  notBeforeMs: z.number(),
  lastError: z.string().optional(),
});
export type QueuedItem = z.infer<typeof queuedItemSchema>;

/** `joined`: another item tells it too, a digest or a later one of the same incident. `given-up`: it failed for too long. */
export const endings = ['delivered', 'refused', 'given-up', 'joined'] as const;

export const endedItemSchema = z.object({
  id: z.string(),
  channel: z.string(),
  /** The incident, where it had one. */
  thread: z.string().optional(),
  atMs: z.number(),
  how: z.enum(endings),
  digest: z.boolean(),
  /** For those that did not arrive. */
  subject: z.string().optional(),
  reason: z.string().optional(),
});
export type EndedItem = z.infer<typeof endedItemSchema>;

/** What happens to the queue. Applying one twice, or one that came too late, changes nothing. */
export const outboxChangeSchema = z.discriminatedUnion('op', [
  z.object({ op: z.literal('put'), item: queuedItemSchema }),
  z.object({ op: z.literal('attempted'), id: z.string(), attempts: z.number(), notBeforeMs: z.number(), lastError: z.string() }),
  z.object({ op: z.literal('ended'), ended: endedItemSchema }),
]);
export type OutboxChange = z.infer<typeof outboxChangeSchema>;

/** So many of the latest endings are remembered: by them a notification that is handed in twice is known, and rates are counted. */
const rememberedEndings = 20_000;
const rememberedFailures = 100;

export function itemId(channel: string, notification: Notification): string {
  return `${channel}/${notification.id}`;
}

/** The queue as it stands. */
export class OutboxState {
  readonly items = new Map<string, QueuedItem>();
  readonly ended = new Map<string, EndedItem>();
  /** Those that did not arrive, the newest last, so many for each channel. */
  readonly failures = new Map<string, EndedItem[]>();
  lastSequence = 0;

  apply(change: OutboxChange): void {
    if (change.op === 'put') {
      this.lastSequence = Math.max(this.lastSequence, change.item.sequence);
      if (!this.ended.has(change.item.id)) this.items.set(change.item.id, change.item);
    } else if (change.op === 'attempted') {
      const item = this.items.get(change.id);
      const { attempts, notBeforeMs, lastError } = change;
      if (item !== undefined) this.items.set(change.id, { ...item, attempts, notBeforeMs, lastError });
    } else this.#end(change.ended);
  }

  #end(ended: EndedItem): void {
    this.items.delete(ended.id);
    if (this.ended.has(ended.id)) return;
    this.ended.set(ended.id, ended);
    if (this.ended.size > rememberedEndings) for (const id of this.ended.keys()) if (this.ended.delete(id)) break;
    if (ended.how !== 'refused' && ended.how !== 'given-up') return;
    const failures = this.failures.get(ended.channel) ?? [];
    this.failures.set(ended.channel, [...failures, ended].slice(-rememberedFailures));
  }

  knows(id: string): boolean {
    return this.items.has(id) || this.ended.has(id);
  }

  /** Items of a channel in the order in which they were handed in. */
  waitingFor(channel: string): QueuedItem[] {
    return [...this.items.values()].filter((item) => item.channel === channel).sort((one, other) => one.sequence - other.sequence);
  }

  /** The whole as changes that make it again. */
  changes(): OutboxChange[] {
    const failures = [...this.failures.values()].flat().filter(({ id }) => !this.ended.has(id));
    return [
      ...[...failures, ...this.ended.values()].map((ended) => ({ op: 'ended' as const, ended })),
      ...[...this.items.values()].map((item) => ({ op: 'put' as const, item })),
    ];
  }

  copy(): OutboxState {
    const copy = new OutboxState();
    for (const change of this.changes()) copy.apply(change);
    copy.lastSequence = this.lastSequence;
    return copy;
  }
}
