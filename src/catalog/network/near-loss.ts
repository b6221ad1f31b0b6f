import { shareInterval } from '../../lib/share-interval.ts';
import type { NearConnections } from './near-connections.probe.ts';
import type { TcpQuality } from './tcp-quality.fact.ts';

const enoughSegments = 1_000;

/** Segments that had to be sent again to machines near by, and all that were sent to them. */
export function repeatedToNear(near: NearConnections | undefined): readonly [repeated: number, segments: number] {
  return (near?.connections ?? []).reduce(([repeated, segments], one) => [repeated + one.repeated, segments + one.segments], [0, 0]);
}

/** Lower end of the 95 % interval of a share (Wilson 1927), for hosts that send little: 5 of 17 segments say at least 13 %. Fewer than 3 hits say nothing. */
export function shareAtLeastPercent(hits: number, count: number): number {
  return hits < 3 || count < hits ? 0 : 100 * shareInterval(hits, count).low;
}

/** The least share that was lost to machines near by, also where little was sent; 0 where nothing was lost within the window. */
export function nearLossAtLeastPercent(near: NearConnections | undefined, tcp: TcpQuality | undefined): number {
  const [repeated, segments] = repeatedToNear(near);
  return (tcp?.segmentsRetransmitted ?? 0) > 0 ? shareAtLeastPercent(repeated, segments) : 0;
}

/**
 * Share of segments that had to be sent again to machines near by, in percent, where it is still going on. The counters are of whole connections, so something must
 * have been repeated within the window, too. Undefined: too little was sent.
 */
export function nearLossPercent(near: NearConnections | undefined, tcp: TcpQuality | undefined): number | undefined {
  if (near === undefined || tcp === undefined) return undefined;
  const [repeated, segments] = repeatedToNear(near);
  if (segments < enoughSegments) return undefined;
  return tcp.segmentsRetransmitted >= 3 && repeated >= 20 ? (100 * repeated) / segments : 0;
}

/** From this share on, users feel it: TCP between neighbours slows down to a fraction. */
export const muchNearLossPercent = 2;
