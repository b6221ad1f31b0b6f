import type { Channel, Delivery, Notification } from '../define/notification.ts';
import type { OutboxChannel, OutboxClock } from './outbox/lane.ts';
import type { DeliveryLimits } from './outbox/limits.ts';

/** For tests: a clock that goes on only when told. */
export class TestClock implements OutboxClock {
  #nowMs: number;
  readonly #sleepers = new Set<{ readonly atMs: number; readonly finish: () => void }>();

  constructor(startMs = Date.UTC(2026, 10, 2, 8)) {
    this.#nowMs = startMs;
  }

  readonly nowMs = (): number => this.#nowMs;

  readonly sleep = (milliseconds: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const sleeper = {
        atMs: this.#nowMs + milliseconds,
        finish: (): void => {
          this.#sleepers.delete(sleeper);
          signal.removeEventListener('abort', sleeper.finish);
          resolve();
        },
      };
      this.#sleepers.add(sleeper);
      signal.addEventListener('abort', sleeper.finish);
    });

  /** Lets all go on that waits for nothing but its turn. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  }

  async advance(milliseconds: number): Promise<void> {
    const endMs = this.#nowMs + milliseconds;
    await this.settle();
    for (;;) {
      const next = [...this.#sleepers].sort((one, other) => one.atMs - other.atMs)[0];
      if (next === undefined || next.atMs > endMs) break;
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.finish();
      await this.settle();
    }
    this.#nowMs = endMs;
    await this.settle();
  }
}

export function exampleNotification(part: Partial<Notification> = {}): Notification {
  const startedAtMs = Date.UTC(2026, 10, 2, 7, 58, 30);
  return {
    id: 'n1',
    kind: 'opened',
    incidentId: 'i1',
    severity: 'warning',
    atMs: Date.UTC(2026, 10, 2, 8),
    subject: '[Culprit] pve1: IO delay 34 % (usual 2 %), investigating',
    summary: 'The processors of pve1 waited for input and output 34 % of the time.',
    text: 'The processors of pve1 waited for input and output 34 % of the time.\n',
    hosts: ['pve1'],
    alarms: [{ id: 'a1', kind: 'io-delay', host: 'pve1', object: 'host', source: 'culprit', says: 'The processors waited 34 % of the time, the limit is 10 %', severity: 'warning', startedAtMs }],
    ...part,
  };
}

/** For tests: a channel that keeps what it is given and answers what it is told to. */
export class TestChannel implements Channel {
  readonly name: string;
  readonly received: Notification[] = [];
  answer: (notification: Notification, signal: AbortSignal) => Delivery | Promise<Delivery> = () => ({ outcome: 'delivered' });

  constructor(name: string) {
    this.name = name;
  }

  async deliver(notification: Notification, signal: AbortSignal): Promise<Delivery> {
    const delivery = await this.answer(notification, signal);
    if (delivery.outcome === 'delivered') this.received.push(notification);
    return delivery;
  }

  in(limits: Partial<DeliveryLimits> = {}): OutboxChannel {
    return { channel: this, limits: { timeoutMs: 15_000, gatherMs: 0, gatherMostMs: 0, ...limits }, wants: () => true };
  }
}
