import { notificationSchema, type Delivery, type Notification } from '../define/notification.ts';
import { idText, jsonText, storable, wholeMs } from './bounds.ts';
import type { Db } from './open.ts';

/** A notification that a channel is to deliver. */
export interface Due {
  readonly notification: Notification;
  readonly channel: string;
  /** Before this one. */
  readonly tries: number;
}

/** Puts notifications into the outbox, each for its channels. What is there already stays as it is. */
export async function enqueue(db: Db, notifications: readonly { readonly notification: Notification; readonly channels: readonly string[] }[]): Promise<void> {
  for (const { notification, channels } of notifications) {
    const { id, incidentId, kind, atMs } = notification;
    const shared = { id: idText(id), incident_id: incidentId ?? null, kind, created_at_ms: wholeMs(atMs), next_try_at_ms: wholeMs(atMs), tries: 0, state: 'waiting', body: storable(jsonText(notification, 10_000_000), 10_000_000) };
    const rows = [...new Set(channels)].map((channel) => ({ ...shared, channel: idText(channel) }));
    if (rows.length > 0) await db.insertInto('outbox').values(rows).onConflict((conflict) => conflict.columns(['id', 'channel']).doNothing()).execute();
  }
}

/**
 * Takes notifications whose turn it is, for `leaseMs`: who takes them delivers them and says how that ended, or they are taken again after that. So a receiver may see one
 * twice, and never none. Of one thread and channel only the oldest is given out.
 */
export async function claimDue(db: Db, nowMs: number, leaseMs: number, limit: number, isPostgres: boolean): Promise<Due[]> {
  const due = db
    .selectFrom('outbox')
    .selectAll()
    .where('state', '=', 'waiting')
    .where('next_try_at_ms', '<=', nowMs)
    .where((where) => where.or([where('claimed_until_ms', 'is', null), where('claimed_until_ms', '<=', nowMs)]))
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('outbox as earlier')
            .select('earlier.id')
            .whereRef('earlier.incident_id', '=', 'outbox.incident_id')
            .whereRef('earlier.channel', '=', 'outbox.channel')
            .whereRef('earlier.created_at_ms', '<', 'outbox.created_at_ms')
            .where('earlier.state', '=', 'waiting'),
        ),
      ),
    )
    .orderBy('next_try_at_ms')
    .limit(limit);
  const rows = await (isPostgres ? due.forUpdate().skipLocked() : due).execute();
  for (const { id, channel } of rows) {
    await db
      .updateTable('outbox')
      .set({ claimed_until_ms: nowMs + leaseMs })
      .where('id', '=', id)
      .where('channel', '=', channel)
      .execute();
  }
  return rows.map(({ body, channel, tries }) => ({ notification: notificationSchema.parse(JSON.parse(body)), channel, tries }));
}

/** How a delivery ended. One that failed waits until `nextTryAtMs`; without that it is given up, as one that was refused is. */
export async function settleDelivery(db: Db, { notification, channel, tries }: Due, delivery: Delivery, atMs: number, nextTryAtMs?: number): Promise<void> {
  const ended = delivery.outcome === 'delivered' ? 'delivered' : delivery.outcome === 'refused' || nextTryAtMs === undefined ? 'given-up' : 'waiting';
  await db
    .updateTable('outbox')
    .set({
      state: ended,
      tries: tries + 1,
      claimed_until_ms: null,
      last_reason: delivery.outcome === 'delivered' ? null : storable(delivery.reason, 2_000),
      ended_at_ms: ended === 'waiting' ? null : wholeMs(atMs),
      ...(ended === 'waiting' ? { next_try_at_ms: wholeMs(nextTryAtMs!) } : {}),
    })
    .where('id', '=', notification.id)
    .where('channel', '=', channel)
    .where('state', '=', 'waiting')
    .execute();
}

/** What waits and what was given up, for a look at the health of the channels. */
export async function outboxHealth(db: Db): Promise<{ readonly channel: string; readonly state: string; readonly count: number; readonly oldestAtMs: number }[]> {
  const rows = await db
    .selectFrom('outbox')
    .select(({ fn }) => ['channel', 'state', fn.countAll<number>().as('count'), fn.min('created_at_ms').as('oldest_at_ms')])
    .where('state', '!=', 'delivered')
    .groupBy(['channel', 'state'])
    .orderBy('channel')
    .orderBy('state')
    .execute();
  return rows.map(({ channel, state, count, oldest_at_ms }) => ({ channel, state, count: Number(count), oldestAtMs: Number(oldest_at_ms) }));
}
