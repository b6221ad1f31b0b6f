import type { Link } from './links.probe.ts';

/** Two stacked interfaces of which the upper one sends packets that the lower one cannot. */
export interface MtuGap {
  readonly upper: Link;
  readonly lower: Link;
}

function hasCarrier({ operstate }: Link): boolean {
  return operstate !== 'down' && operstate !== 'lowerlayerdown' && operstate !== 'notpresent';
}

/**
 * Gaps that lose packets: a bridge drops what is larger than the port that it must leave by (kernel net/bridge/br_forward.c), and a VLAN or
 * bond may not send more than what it lies on. Guests' taps are left out, since a guest decides its own MTU, and so are interfaces
 * that are down or have no cable.
 */
export function mtuGaps(links: readonly Link[]): MtuGap[] {
  const byName = new Map(links.map((link) => [link.name, link]));
  return links.flatMap((link): MtuGap[] => {
    if (!link.up) return [];
    const master = link.master === undefined ? undefined : byName.get(link.master);
    const parent = link.parent === undefined ? undefined : byName.get(link.parent);
    const carries = link.kind === 'nic' || link.kind === 'bond' || link.kind === 'vlan' || link.kind === 'vxlan' || link.kind === 'virtual-function';
    const gaps: MtuGap[] = [];
    if (carries && hasCarrier(link) && master?.up === true && link.mtu < master.mtu) gaps.push({ upper: master, lower: link });
    if (parent !== undefined && parent.mtu < link.mtu) gaps.push({ upper: link, lower: parent });
    return gaps;
  });
}
