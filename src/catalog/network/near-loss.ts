import type { NearConnections } from './near-connections.probe.ts';
import type { TcpQuality } from './tcp-quality.fact.ts';

const enoughSegments = 1_000;

/** Segments that had to be sent again to machines near by, and all that were sent to them. */
export function repeatedToNear(near: NearConnections | undefined): readonly [repeated: number, segments: number] {
  return (near?.connections ?? []).reduce(([repeated, segments], one) => [repeated + one.repeated, segments + one.segments], [0, 0]);
}

/** Lower end of the 95 % interval of a share (Wilson 1927), for hosts that send little: 5 of 17 segments say at least 13 %. Fewer than 3 hits say nothing. */
export function shareAtLeastPercent(hits: number, count: number): number {
  if (hits < 3 || count < hits) return 0;
  const [share, z] = [hits / count, 1.96];
  const centre = share + z ** 2 / (2 * count);
  const spread = z * Math.sqrt((share * (1 - share)) / count + z ** 2 / (4 * count ** 2));
  return (100 * (centre - spread)) / (1 + z ** 2 / count);
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
