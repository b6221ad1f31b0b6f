import type { Lane } from './lane.ts';
import type { EndedItem, OutboxState } from './state.ts';

export interface ChannelStatus {
  readonly name: string;
  readonly waiting: number;
  /** Age of the oldest that waits. */
  readonly oldestSeconds: number | undefined;
  readonly inFlightSeconds: number | undefined;
  /** Since the process began. */
  readonly delivered: number;
  readonly failedAttempts: number;
  /** As far back as is remembered, over restarts. */
  readonly refused: number;
  readonly givenUp: number;
  readonly lastDeliveredAtMs: number | undefined;
  /** Holds until the next delivery. */
  readonly failing: boolean;
  readonly lastError: { readonly atMs: number; readonly reason: string } | undefined;
  /** The last delivery arrived, but not quite. */
  readonly lastRemark: string | undefined;
  readonly pausedSeconds: number;
  /** What did not arrive and is not tried again, the newest last. */
  readonly failures: readonly EndedItem[];
}

export interface OutboxStatus {
  readonly channels: readonly ChannelStatus[];
  readonly store: { /** Why what happens now is not safe from a crash. */ readonly problem: string | undefined; readonly remarks: readonly string[] };
}

function channelStatus(lane: Lane, state: OutboxState, nowMs: number): ChannelStatus {
  const { name } = lane.channel;
  const items = state.waitingFor(name);
  const seconds = (fromMs: number | undefined): number | undefined => (fromMs === undefined ? undefined : Math.max(0, (nowMs - fromMs) / 1_000));
  const failures = state.failures.get(name) ?? [];
  const delivered = [...state.ended.values()].filter(({ channel, how }) => channel === name && how === 'delivered');
  const remembered = items.filter(({ lastError }) => lastError !== undefined).at(-1);
  return {
    name,
    waiting: items.length,
    oldestSeconds: seconds(items.reduce<number | undefined>((oldest, { enqueuedAtMs }) => Math.min(oldest ?? Infinity, enqueuedAtMs), undefined)),
    inFlightSeconds: seconds(lane.inFlightSinceMs),
    delivered: lane.delivered,
    failedAttempts: lane.failedAttempts,
    refused: failures.filter(({ how }) => how === 'refused').length,
    givenUp: failures.filter(({ how }) => how === 'given-up').length,
    lastDeliveredAtMs: delivered.at(-1)?.atMs,
    failing: lane.failuresInARow > 0 || remembered !== undefined,
    lastError: lane.lastError ?? (remembered?.lastError === undefined ? undefined : { atMs: remembered.enqueuedAtMs, reason: remembered.lastError }),
    lastRemark: lane.lastRemark,
    pausedSeconds: Math.max(0, (lane.pausedUntilMs - nowMs) / 1_000),
    failures,
  };
}

export function outboxStatus(lanes: readonly Lane[], state: OutboxState, nowMs: number, problem: string | undefined, remarks: readonly string[]): OutboxStatus {
  return { channels: lanes.map((lane) => channelStatus(lane, state, nowMs)), store: { problem, remarks } };
}
