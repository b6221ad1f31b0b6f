import { isGone, type Gateway } from './gateway.probe.ts';
import type { NearConnections } from './near-connections.probe.ts';
import { nearLossAtLeastPercent, repeatedToNear, shareAtLeastPercent } from './near-loss.ts';
import type { InterfaceActivity } from './network-activity.fact.ts';
import type { TcpQuality } from './tcp-quality.fact.ts';
import type { TrafficQueue } from './traffic-control.probe.ts';

/** A gateway that answers none may just be told not to; one that answers some loses the others. */
export function gatewayLoses(way: Gateway | undefined): boolean {
  return way !== undefined && ((way.ping.received > 0 && way.ping.sent - way.ping.received >= 2) || isGone(way));
}

export function tcpRepeats(tcp: TcpQuality | undefined, fromPercent: number): boolean {
  return tcp?.retransmittedPercent !== undefined && tcp.retransmittedPercent >= fromPercent && tcp.segmentsRetransmitted >= 20;
}

/** TCP repeats much, even where the loss itself lets it send little: as seen within the window, or on connections to neighbours. */
export function repeatsMuch(tcp: TcpQuality | undefined, near: NearConnections | undefined): boolean {
  if (tcpRepeats(tcp, manyPercent)) return true;
  const now = tcp === undefined ? 0 : shareAtLeastPercent(tcp.segmentsRetransmitted, tcp.segmentsSent + tcp.segmentsRetransmitted);
  return now >= manyPercent || nearLossAtLeastPercent(near, tcp) >= manyPercent;
}

/** A cable that was moved costs a handful of segments. */
const manyRepeated = 20;
/** What is left of a doubt when this many segments were sent and none had to be repeated. */
const refuted = 0.05;

/**
 * Connections to neighbours repeated much before, and so little was sent within the window that this may still be so: at such a share, having repeated nothing would be no surprise.
 */
export function repeatedMuchBefore(tcp: TcpQuality | undefined, near: NearConnections | undefined): boolean {
  if (tcp === undefined || tcp.segmentsRetransmitted > 0) return false;
  const [repeated, segments] = repeatedToNear(near);
  const share = shareAtLeastPercent(repeated, segments) / 100;
  return repeated >= manyRepeated && share >= manyPercent / 100 && (1 - share) ** tcp.segmentsSent >= refuted;
}

/** Clients far away on the internet bring some percent by themselves: that much says nothing, more does. */
export const unclearPercent = 2;
export const manyPercent = 5;

export function damaged(interfaces: readonly InterfaceActivity[]): InterfaceActivity | undefined {
  return interfaces.find(({ kind, receive }) => kind === 'nic' && receive.errorsPerSecond >= 1 && receive.errorPercent >= 0.1);
}

export function lossy(queues: readonly TrafficQueue[]): TrafficQueue | undefined {
  return queues.find(({ kind, options, dropped }) => kind === 'netem' && (options.includes('loss') || dropped > 0));
}

export function lossText({ gateway: way, tcp, near }: { gateway: Gateway | undefined; tcp: TcpQuality | undefined; near: NearConnections | undefined }): string {
  const ping = way === undefined ? '' : `${way.ping.sent - way.ping.received} of ${way.ping.sent} packets to the gateway ${way.address} had no answer`;
  const [again, sent] = repeatedToNear(near);
  const toNear = `${again} of ${sent} TCP segments to machines near by had to be sent again`;
  const repeated = tcp?.retransmittedPercent === undefined ? (again > 0 ? toNear : '') : `${tcp.retransmittedPercent} % of TCP segments were sent again`;
  return [ping, repeated].filter((text) => text !== '').join(', and ');
}
