import type { DeliveryLimits, RetryLimits } from './limits.ts';
import type { QueuedItem } from './state.ts';

/** What there is to know of one channel; nothing of it is under way. */
export interface ChannelView {
  /** In the order in which they were handed in. */
  readonly items: readonly QueuedItem[];
  /** When it delivered, the oldest first. */
  readonly deliveredAtMs: readonly number[];
  readonly lastDigestAtMs: number | undefined;
  /** After failures: not before. */
  readonly pausedUntilMs: number;
  readonly nowMs: number;
  readonly limits: DeliveryLimits;
  readonly retry: RetryLimits;
}

export type Step =
  | { readonly do: 'deliver'; readonly item: QueuedItem }
  /** Items of one incident become the newest of them. */
  | { readonly do: 'supersede'; readonly items: readonly QueuedItem[] }
  | { readonly do: 'digest'; readonly items: readonly QueuedItem[] }
  | { readonly do: 'give-up'; readonly item: QueuedItem; readonly reason: string }
  | { readonly do: 'wait'; readonly untilMs: number };

const wait = (untilMs: number): Step => ({ do: 'wait', untilMs });
const threadOf = ({ id, notification }: QueuedItem): string => (notification.incidentId === undefined ? `item ${id}` : `incident ${notification.incidentId}`);

function threadsOf(items: readonly QueuedItem[]): QueuedItem[][] {
  const threads = new Map<string, QueuedItem[]>();
  for (const item of items) {
    const thread = threads.get(threadOf(item));
    if (thread === undefined) threads.set(threadOf(item), [item]);
    else thread.push(item);
  }
  return [...threads.values()];
}

function hopeless({ items, nowMs, retry }: ChannelView): Step | undefined {
  const oldest = items[0];
  if (oldest === undefined) return undefined;
  if (items.length > retry.mostWaiting) return { do: 'give-up', item: oldest, reason: `more than ${retry.mostWaiting} wait for this channel` };
  const late = items.find((item) => nowMs - item.enqueuedAtMs > retry.giveUpAfterMs);
  return late && { do: 'give-up', item: late, reason: `not delivered within ${Math.round(retry.giveUpAfterMs / 3_600_000)} hours${late.lastError === undefined ? '' : `; last: ${late.lastError}`}` };
}

/** When the rate allows the next delivery, and how many it allows by now. */
function rateOf({ limits: { rate }, deliveredAtMs, nowMs }: ChannelView): { readonly left: number; readonly freeAtMs: number } {
  if (rate === undefined) return { left: Infinity, freeAtMs: nowMs };
  const within = deliveredAtMs.filter((atMs) => atMs > nowMs - rate.perMs);
  const left = Math.max(0, rate.deliveries - within.length);
  return { left, freeAtMs: left > 0 ? nowMs : (within[within.length - rate.deliveries] ?? nowMs) + rate.perMs };
}

/** When a storm of new items has been gathered: when no more come, and in any case after some time. */
function stormReadyAtMs(fresh: readonly QueuedItem[], { limits, lastDigestAtMs }: ChannelView): number {
  const times = fresh.map(({ enqueuedAtMs }) => enqueuedAtMs);
  const gathered = times.length === 0 ? 0 : Math.min(Math.max(...times) + limits.gatherMs, Math.min(...times) + limits.gatherMostMs);
  return Math.max(gathered, lastDigestAtMs === undefined || limits.digest === undefined ? 0 : lastDigestAtMs + limits.digest.everyMs);
}

/** What a channel does next: a pure function of its queue and the time. */
export function nextStep(view: ChannelView): Step {
  const { items, nowMs, limits } = view;
  const given = hopeless(view);
  if (given !== undefined) return given;
  const test = items.find(({ notification, notBeforeMs }) => notification.kind === 'test' && notBeforeMs <= nowMs);
  if (test !== undefined) return { do: 'deliver', item: test };
  if (items.length === 0) return wait(Infinity);
  if (view.pausedUntilMs > nowMs) return wait(view.pausedUntilMs);
  const rate = rateOf(view);
  if (rate.left === 0) return wait(rate.freeAtMs);

  const threads = threadsOf(items);
  const heads = threads.flatMap((thread) => {
    const [head] = thread;
    return head === undefined ? [] : [{ thread, head, readyAtMs: head.attempts === 0 ? Math.max(head.notBeforeMs, head.enqueuedAtMs + limits.gatherMs) : head.notBeforeMs }];
  });
  const ready = heads.filter(({ readyAtMs }) => readyAtMs <= nowMs).sort((one, other) => one.head.attempts - other.head.attempts || one.head.sequence - other.head.sequence);
  const digest = ready.find(({ head }) => head.notification.kind === 'digest');
  if (digest !== undefined) return { do: 'deliver', item: digest.head };

  const tellable = threads.filter(([head]) => head?.notification.kind !== 'digest' && head?.notification.kind !== 'test');
  if (limits.digest !== undefined && tellable.length > 1 && tellable.length > Math.min(limits.digest.above, rate.left)) {
    const readyAtMs = stormReadyAtMs(tellable.flat().filter(({ attempts }) => attempts === 0), view);
    const waitingDigests = heads.filter(({ head }) => head.notification.kind === 'digest').map((head) => head.readyAtMs);
    return readyAtMs > nowMs ? wait(Math.min(readyAtMs, ...waitingDigests)) : { do: 'digest', items: tellable.flat().sort((one, other) => one.sequence - other.sequence) };
  }
  const first = ready[0];
  if (first === undefined) return wait(heads.reduce((soonest, { readyAtMs }) => Math.min(soonest, readyAtMs), Infinity));
  return limits.digest !== undefined && first.thread.length > 1 ? { do: 'supersede', items: first.thread } : { do: 'deliver', item: first.head };
}
