import type { Channel, Delivery, Notification } from '../../define/notification.ts';
import type { DeliveryLimits } from './limits.ts';

/** Time and waiting, handed in so that tests need none. */
export interface OutboxClock {
  readonly nowMs: () => number;
  /** Resolves after the time, or at once when the signal says so. Never rejects. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

export const systemClock: OutboxClock = {
  nowMs: () => Date.now(),
  sleep: (milliseconds, signal) =>
    new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const finish = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', finish);
        resolve();
      };
      const timer = setTimeout(finish, milliseconds);
      signal.addEventListener('abort', finish);
    }),
};

/** A channel as the outbox is given it. */
export interface OutboxChannel {
  readonly channel: Channel;
  readonly limits: DeliveryLimits;
  /** Whether a notification is for this channel at all. */
  readonly wants: (notification: Notification) => boolean;
}

/** What is known of a channel while the process runs. */
export interface Lane extends OutboxChannel {
  deliveredAtMs: number[];
  lastDigestAtMs: number | undefined;
  pausedUntilMs: number;
  failuresInARow: number;
  inFlightSinceMs: number | undefined;
  delivered: number;
  failedAttempts: number;
  lastError: { readonly atMs: number; readonly reason: string } | undefined;
  lastRemark: string | undefined;
  wake: () => void;
}

const longestSleepMs = 3_600_000;

/** Waits for the time, for `lane.wake()`, or for the end. Nothing that wakes may come between looking at the queue and this call, which holds as long as there is no `await` between. */
export async function waitFor(lane: Lane, untilMs: number, clock: OutboxClock, stopping: AbortSignal): Promise<void> {
  const woken = new AbortController();
  lane.wake = () => woken.abort();
  await clock.sleep(Math.min(longestSleepMs, Math.max(0, untilMs - clock.nowMs())), AbortSignal.any([woken.signal, stopping]));
}

/** One attempt. It ends in time whatever the channel does; undefined when the outbox stops meanwhile. */
export async function attempt(lane: Lane, notification: Notification, clock: OutboxClock, stopping: AbortSignal): Promise<Delivery | undefined> {
  const over = new AbortController();
  const signal = AbortSignal.any([over.signal, stopping]);
  const { timeoutMs } = lane.limits;
  const sleeping = new AbortController();
  const late = clock.sleep(timeoutMs, AbortSignal.any([sleeping.signal, stopping])).then((): Delivery => ({ outcome: 'failed', reason: `gave up after ${timeoutMs / 1_000} s without an end` }));
  const done = Promise.resolve()
    .then(() => lane.channel.deliver(notification, signal))
    .catch((error: unknown): Delivery => ({ outcome: 'failed', reason: `the channel itself failed (${error instanceof Error ? error.name : 'no error object'})` }));
  const delivery = await Promise.race([done, late]);
  over.abort();
  sleeping.abort();
  return stopping.aborted && delivery.outcome !== 'delivered' ? undefined : delivery;
}
