import type { NetworkEvent } from './network-events.fact.ts';

export const hourSeconds = 3_600;
export const daySeconds = 86_400;
/** Links come and go while a host boots. */
export const bootSeconds = 300;

/** Events of one kind and name within the last seconds, after the boot has settled. Those without a time do not count. */
export function countSince(events: readonly NetworkEvent[], kind: NetworkEvent['kind'], name: string, seconds: number): number {
  return events.filter(
    (event) =>
      event.kind === kind &&
      event.name === name &&
      event.secondsAgo !== undefined &&
      event.secondsAgo <= seconds &&
      (event.secondsSinceBoot ?? Number.POSITIVE_INFINITY) > bootSeconds,
  ).length;
}

/** Interfaces that have an event of one of these kinds. */
export function namesWith(events: readonly NetworkEvent[], kinds: readonly NetworkEvent['kind'][]): string[] {
  return [...new Set(events.filter((event) => kinds.includes(event.kind)).map((event) => event.name))];
}

/** The text of the last such event. */
export function lastText(events: readonly NetworkEvent[], kind: NetworkEvent['kind'], name: string): string {
  return events.findLast((event) => event.kind === kind && event.name === name)?.text ?? '';
}
