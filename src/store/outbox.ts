import { sql } from 'kysely';
import { notificationSchema, type Notification } from '../define/notification.ts';
import { idText, jsonText, storable, wholeMs } from './bounds.ts';
import type { Db } from './open.ts';
import type { OutboxRow } from './tables.ts';

/** A notification on its way through one channel. */
export interface QueuedMessage {
  /** Unique for its channel. */
  readonly id: string;
  readonly channel: string;
  /** Grows with every message: the order in which they were handed in. */
  readonly sequence: number;
  readonly notification: Notification;
  readonly enqueuedAtMs: number;
  readonly attempts: number;
  /** Not tried before. */
  readonly notBeforeMs: number;
  readonly lastError?: string | undefined;
}

/** How it ended, and what is remembered of it. */
export interface EndedMessage {
  readonly id: string;
  readonly channel: string;
  readonly incidentId?: string | undefined;
  readonly kind: string;
  readonly atMs: number;
  readonly how: string;
  readonly subject: string;
  readonly reason?: string | undefined;
}

/** Puts messages into the queue. What is there already, or has ended, stays as it is. */
export async function enqueue(db: Db, messages: readonly QueuedMessage[]): Promise<void> {
  for (let from = 0; from < messages.length; from += 500) {
    const rows = messages.slice(from, from + 500).map(({ id, channel, sequence, notification, enqueuedAtMs, attempts, notBeforeMs, lastError }): OutboxRow => ({
      id: idText(id),
      channel: idText(channel),
      sequence,
      incident_id: notification.incidentId ?? null,
      kind: notification.kind,
      subject: storable(notification.subject, 300),
      created_at_ms: wholeMs(enqueuedAtMs),
      next_try_at_ms: wholeMs(notBeforeMs),
      tries: attempts,
      state: 'waiting',
      last_reason: lastError === undefined ? null : storable(lastError, 2_000),
      ended_at_ms: null,
      body: storable(jsonText(notification, 10_000_000), 10_000_000),
    }));
    await db.insertInto('outbox').values(rows).onConflict((conflict) => conflict.columns(['id', 'channel']).doNothing()).execute();
  }
}

/** An attempt failed; the next is not before that time. */
export async function noteAttempt(db: Db, { id, channel }: Pick<QueuedMessage, 'id' | 'channel'>, attempts: number, notBeforeMs: number, reason: string): Promise<void> {
  await db
    .updateTable('outbox')
    .set({ tries: attempts, next_try_at_ms: wholeMs(notBeforeMs), last_reason: storable(reason, 2_000) })
    .where('id', '=', id)
    .where('channel', '=', channel)
    .where('state', '=', 'waiting')
    .execute();
}

/** It is not tried any more. The text goes; that it was told stays. */
export async function endMessage(db: Db, { id, channel, atMs, how, reason }: Pick<EndedMessage, 'id' | 'channel' | 'atMs' | 'how' | 'reason'>): Promise<void> {
  await db
    .updateTable('outbox')
    .set({ state: storable(how, 20), ended_at_ms: wholeMs(atMs), last_reason: reason === undefined ? null : storable(reason, 2_000), body: '' })
    .where('id', '=', id)
    .where('channel', '=', channel)
    .where('state', '=', 'waiting')
    .execute();
}

/** All that waits, in order, and the last of what has ended, in the order of its end. */
export async function loadOutbox(db: Db, mostEnded: number): Promise<{ readonly waiting: QueuedMessage[]; readonly ended: EndedMessage[] }> {
  const waiting = await db.selectFrom('outbox').selectAll().where('state', '=', 'waiting').orderBy('sequence').execute();
  const ended = await db
    .selectFrom('outbox')
    .select(['id', 'channel', 'incident_id', 'kind', 'subject', 'state', 'ended_at_ms', 'last_reason'])
    .where('state', '!=', 'waiting')
    .orderBy('ended_at_ms', 'desc')
    .orderBy('sequence', 'desc')
    .limit(mostEnded)
    .execute();
  return {
    waiting: waiting.map(({ id, channel, sequence, body, created_at_ms, next_try_at_ms, tries, last_reason }) => ({
      id,
      channel,
      sequence,
      notification: notificationSchema.parse(JSON.parse(body)),
      enqueuedAtMs: created_at_ms,
      attempts: tries,
      notBeforeMs: next_try_at_ms,
      ...(last_reason === null ? {} : { lastError: last_reason }),
    })),
    ended: ended.reverse().map(({ id, channel, incident_id, kind, subject, state, ended_at_ms, last_reason }) => ({
      id,
      channel,
      ...(incident_id === null ? {} : { incidentId: incident_id }),
      kind,
      atMs: ended_at_ms ?? 0,
      how: state,
      subject,
      ...(last_reason === null ? {} : { reason: last_reason }),
    })),
  };
}

/** The largest number that a message has had. */
export async function lastSequence(db: Db): Promise<number> {
  const { last } = await db.selectFrom('outbox').select(({ fn }) => fn.max<number | null>('sequence').as('last')).executeTakeFirstOrThrow();
  return Number(last ?? 0);
}

/** Forgets what ended before a time, but for the newest of each incident that has not ended: who was told of it is told how it goes on. */
export async function forgetMessages(db: Db, endedBeforeMs: number): Promise<void> {
  await db
    .deleteFrom('outbox')
    .where('state', '!=', 'waiting')
    .where('ended_at_ms', '<', wholeMs(endedBeforeMs))
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('incidents')
            .select(sql<number>`1`.as('one'))
            .whereRef('incidents.id', '=', 'outbox.incident_id')
            .where('incidents.state', '!=', 'resolved'),
        ),
      ),
    )
    .execute();
}
