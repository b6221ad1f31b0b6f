import type { Delivery, Notification } from '../define/notification.ts';
import { bounded, forTerminal } from '../lib/hostile-text.ts';
import { boundedNotification, superseded } from './outbox/joined.ts';
import { attempt, waitFor, type Lane, type OutboxChannel, type OutboxClock } from './outbox/lane.ts';
import { backOffMs, usualRetry, type RetryLimits } from './outbox/limits.ts';
import { nextStep, type Step } from './outbox/next-step.ts';
import { Saver } from './outbox/saver.ts';
import { itemId, OutboxState, type EndedItem, type OutboxChange, type QueuedItem } from './outbox/state.ts';
import { outboxStatus, type OutboxStatus } from './outbox/status.ts';
import type { OutboxStore } from './outbox/store.ts';

export interface OutboxOptions {
  readonly store: OutboxStore;
  readonly channels: readonly OutboxChannel[];
  readonly clock: OutboxClock;
  /** 0 up to 1. */
  readonly random: () => number;
  readonly retry?: RetryLimits;
  /** Makes one notification of many incidents. */
  readonly digestOf: (notifications: readonly Notification[], atMs: number) => Notification;
}

const longestReason = 500;

/**
 * Hands notifications to channels, each at least once: what `enqueue` has acknowledged is on the disk until it was delivered or refused, or has failed for too long, and the latter two are shown.
 * A notification can arrive twice only if the process ended while it was under way, or if the receiver took it and did not say so. Each channel goes at its own pace, one delivery at a time, in the order of
 * each incident; what fails is tried again, ever more rarely.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #lanes: readonly Lane[];
  readonly #saver: Saver;
  readonly #stopping = new AbortController();
  #state = new OutboxState();
  #running: Promise<unknown> | undefined;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#saver = new Saver(options.store);
    this.#lanes = options.channels.map((channel) => ({
      ...channel,
      deliveredAtMs: [],
      lastDigestAtMs: undefined,
      pausedUntilMs: 0,
      failuresInARow: 0,
      inFlightSinceMs: undefined,
      delivered: 0,
      failedAttempts: 0,
      lastError: undefined,
      lastRemark: undefined,
      wake: () => undefined,
    }));
  }

  /** Takes up what the last process left, and begins to deliver. */
  async start(): Promise<void> {
    this.#state = await this.#options.store.load();
    const names = new Set(this.#lanes.map(({ channel }) => channel.name));
    const orphans = [...this.#state.items.values()].filter((item) => !names.has(item.channel));
    for (const ended of this.#state.ended.values()) {
      const lane = this.#lanes.find(({ channel }) => channel.name === ended.channel);
      if (lane === undefined || ended.how !== 'delivered') continue;
      lane.deliveredAtMs.push(ended.atMs);
      if (ended.digest) lane.lastDigestAtMs = Math.max(lane.lastDigestAtMs ?? 0, ended.atMs);
    }
    await this.#apply(orphans.map((item) => this.#ended(item, 'given-up', 'the settings have no such channel any more'))).catch(() => undefined);
    this.#running = Promise.all(this.#lanes.map((lane) => this.#run(lane)));
  }

  /**
   * Resolves when the notification is safe; it may be handed in again without being sent twice. Rejects when the disk does not take it: it is delivered all the same as long as this process lives.
   * Without names of channels it goes to all that want it.
   */
  async enqueue(notification: Notification, channelNames?: readonly string[]): Promise<void> {
    const puts = this.prepare(notification, channelNames).map((item): OutboxChange => ({ op: 'put', item }));
    try {
      await this.#apply(puts);
    } finally {
      for (const lane of this.#lanes) lane.wake();
    }
  }

  /** What `enqueue` would put into the queue, for who saves it together with something else, and then calls `accept`. */
  prepare(notification: Notification, channelNames?: readonly string[]): QueuedItem[] {
    if (this.#running === undefined) throw new Error('the outbox has not been started');
    const small = boundedNotification(notification);
    const nowMs = this.#options.clock.nowMs();
    const lanes = this.#lanes.filter((lane) => (channelNames === undefined ? lane.wants(small) || this.#toldOf(lane, small) : channelNames.includes(lane.channel.name)));
    return lanes.flatMap(({ channel }): QueuedItem[] => {
      const id = itemId(channel.name, small);
      if (this.#state.knows(id)) return [];
      this.#state.lastSequence += 1;
      return [{ id, channel: channel.name, sequence: this.#state.lastSequence, notification: small, enqueuedAtMs: nowMs, attempts: 0, notBeforeMs: 0 }];
    });
  }

  /** Takes up what was prepared and has been saved. */
  accept(items: readonly QueuedItem[]): void {
    for (const item of items) this.#state.apply({ op: 'put', item });
    for (const lane of this.#lanes) lane.wake();
  }

  /** How it stands, for people and for metrics. */
  status(): OutboxStatus {
    return outboxStatus(this.#lanes, this.#state, this.#options.clock.nowMs(), this.#saver.problem, this.#options.store.remarks);
  }

  /** Breaks off what is under way, which stays in the queue, and closes the store. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    await this.#saver.save([]).catch(() => undefined);
    await this.#options.store.close();
  }

  /** Who was told of an incident is told how it goes on, and that it is over. */
  #toldOf({ channel }: Lane, { incidentId }: Notification): boolean {
    if (incidentId === undefined) return false;
    for (const item of this.#state.items.values()) if (item.channel === channel.name && item.notification.incidentId === incidentId) return true;
    for (const ended of this.#state.ended.values()) if (ended.channel === channel.name && ended.thread === incidentId) return true;
    return false;
  }

  #ended(item: QueuedItem, how: EndedItem['how'], reason?: string): OutboxChange {
    const { id, channel, notification } = item;
    const thread = notification.incidentId === undefined ? {} : { thread: notification.incidentId };
    const failure = reason === undefined ? {} : { subject: bounded(notification.subject, 300), reason };
    return { op: 'ended', ended: { id, channel, ...thread, atMs: this.#options.clock.nowMs(), how, digest: notification.kind === 'digest', ...failure } };
  }

  #apply(changes: readonly OutboxChange[]): Promise<void> {
    for (const change of changes) this.#state.apply(change);
    return this.#saver.save(changes);
  }

  async #run(lane: Lane): Promise<void> {
    const { clock, retry = usualRetry } = this.#options;
    while (!this.#stopping.signal.aborted) {
      const nowMs = clock.nowMs();
      const step = nextStep({ ...lane, items: this.#state.waitingFor(lane.channel.name), nowMs, retry });
      if (step.do === 'wait') await waitFor(lane, step.untilMs, clock, this.#stopping.signal);
      // A disk that takes nothing is shown by `status`, and does not hold up what can be delivered.
      else await this.#take(lane, step, retry).catch(() => undefined);
    }
  }

  async #take(lane: Lane, step: Exclude<Step, { do: 'wait' }>, retry: RetryLimits): Promise<void> {
    if (step.do === 'deliver') return this.#deliver(lane, step.item, retry);
    if (step.do === 'give-up') return this.#apply([this.#ended(step.item, 'given-up', step.reason)]);
    const nowMs = this.#options.clock.nowMs();
    const notifications = step.items.map(({ notification }) => notification);
    const [first] = step.items;
    const last = step.items.at(-1);
    const notification = step.do === 'digest' ? boundedNotification(this.#options.digestOf(notifications, nowMs)) : superseded(notifications);
    if (first === undefined || last === undefined || notification === undefined) return;
    // Under an id of its own: those of its members are known as joined from now on.
    const id = step.do === 'digest' ? itemId(lane.channel.name, notification) : `${last.id} and ${step.items.length - 1} before`;
    const item: QueuedItem = { id, channel: lane.channel.name, sequence: first.sequence, notification, enqueuedAtMs: first.enqueuedAtMs, attempts: 1, notBeforeMs: nowMs };
    await this.#apply([...step.items.map((one) => this.#ended(one, 'joined')), { op: 'put', item }]);
  }

  async #deliver(lane: Lane, item: QueuedItem, retry: RetryLimits): Promise<void> {
    const { clock } = this.#options;
    lane.inFlightSinceMs = clock.nowMs();
    const delivery = await attempt(lane, item.notification, clock, this.#stopping.signal);
    lane.inFlightSinceMs = undefined;
    if (delivery === undefined) return;
    if (delivery.outcome === 'delivered') return this.#arrived(lane, item, delivery.remark);
    const reason = bounded(forTerminal(delivery.reason), longestReason);
    lane.lastError = { atMs: clock.nowMs(), reason };
    if (delivery.outcome === 'refused') return this.#apply([this.#ended(item, 'refused', reason)]);
    return this.#failed(lane, item, { ...delivery, reason }, retry);
  }

  #arrived(lane: Lane, item: QueuedItem, remark: string | undefined): Promise<void> {
    const nowMs = this.#options.clock.nowMs();
    lane.delivered += 1;
    lane.failuresInARow = 0;
    lane.pausedUntilMs = 0;
    lane.lastRemark = remark === undefined ? undefined : bounded(forTerminal(remark), longestReason);
    lane.deliveredAtMs = [...lane.deliveredAtMs, nowMs].filter((atMs) => atMs > nowMs - (lane.limits.rate?.perMs ?? 0)).slice(-10_000);
    if (item.notification.kind === 'digest') lane.lastDigestAtMs = nowMs;
    return this.#apply([this.#ended(item, 'delivered')]);
  }

  #failed(lane: Lane, item: QueuedItem, delivery: Exclude<Delivery, { outcome: 'delivered' }>, retry: RetryLimits): Promise<void> {
    const nowMs = this.#options.clock.nowMs();
    const { random } = this.#options;
    lane.failedAttempts += 1;
    lane.failuresInARow += 1;
    const wished = Math.min(3_600_000, Math.max(0, delivery.retryAfterMs ?? 0));
    lane.pausedUntilMs = nowMs + Math.max(wished, backOffMs(lane.failuresInARow, retry.firstMs, retry.channelMostMs, random));
    const attempts = item.attempts + 1;
    const notBeforeMs = nowMs + Math.max(wished, backOffMs(attempts, retry.firstMs, retry.mostMs, random));
    return this.#apply([{ op: 'attempted', id: item.id, attempts, notBeforeMs, lastError: delivery.reason }]);
  }
}
