import type { OthersSeen, PingSeen, PortSeen, Reachability } from '../../define/reachability.ts';

export const answered: PingSeen = { outcome: 'answered', sent: 3, received: 3, averageMs: 1 };
export const silent: PingSeen = { outcome: 'no-answer', sent: 3, received: 0 };

/** All four ports with one outcome. */
export function allPorts(outcome: PortSeen['outcome']): Reachability['ports'] {
  const milliseconds = outcome === 'timed-out' ? 3_000 : 1;
  const at = (port: number): PortSeen => ({ port, outcome, milliseconds });
  return { ssh: at(22), exporter: at(9100), proxmox: at(8006), unused: at(9) };
}

/** A host that gives no sign of life to a machine whose own network works, with what is different. */
export function seenFromOutside(different: Partial<Reachability>): Reachability {
  return {
    destination: 'root@pve1',
    hostname: 'pve1',
    ssh: { exitStatus: 255, says: 'ssh: connect to host pve1 port 22: Connection timed out' },
    name: { outcome: 'resolved', addresses: ['192.0.2.11'], milliseconds: 2 },
    ping: silent,
    ports: allPorts('timed-out'),
    sshBanner: '',
    metrics: { outcome: 'no-answer', milliseconds: 3_000 },
    here: {
      interfacesUp: ['eth0'],
      defaultGateway: { address: '192.0.2.1', ping: answered },
      resolvers: [{ address: '192.0.2.53', answers: true }],
    },
    ...different,
  };
}

/** Over a jump host nothing is asked directly. */
export const behindJump = {
  proxiedBy: 'ProxyJump gate',
  name: { outcome: 'not-asked', addresses: [], milliseconds: 0 },
  ping: { ...silent, outcome: 'not-asked', sent: 0 },
  ports: allPorts('not-asked'),
  metrics: { outcome: 'not-asked', milliseconds: 0 },
} satisfies Partial<Reachability>;

/** Found by asking in the own network who has the address. */
export const onLink = (linkAnswer: 'answered' | 'no-answer'): Partial<Reachability> => ({ way: { route: 'direct', interface: 'eth0', linkAnswer } });

/** What watching two other hosts of its switch, and its cluster, tells. */
export function seenByOthers(answers: boolean, online?: boolean): { readonly others: OthersSeen } {
  const beside = (host: string): OthersSeen['neighbours'][number] => ({ host, shares: 'switch core', kind: 'switch', answers });
  return { others: { neighbours: [beside('pve2'), beside('nas1')], ...(online === undefined ? {} : { cluster: { node: 'pve1', online, secondsAgo: 9 } }) } };
}
