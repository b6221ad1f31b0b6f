import type { NearConnections } from './near-connections.probe.ts';
import type { TcpQuality } from './tcp-quality.fact.ts';

const enoughSegments = 1_000;

/**
 * Share of segments that had to be sent again to machines near by, in percent, where it is still going on. The counters are of whole connections, so something must
 * have been repeated within the window, too. Undefined: too little was sent.
 */
export function nearLossPercent(near: NearConnections | undefined, tcp: TcpQuality | undefined): number | undefined {
  if (near === undefined || tcp === undefined) return undefined;
  const segments = near.connections.reduce((sum, one) => sum + one.segments, 0);
  const repeated = near.connections.reduce((sum, one) => sum + one.repeated, 0);
  if (segments < enoughSegments) return undefined;
  return tcp.segmentsRetransmitted >= 3 && repeated >= 20 ? (100 * repeated) / segments : 0;
}

/** From this share on, users feel it: TCP between neighbours slows down to a fraction. */
export const muchNearLossPercent = 2;
