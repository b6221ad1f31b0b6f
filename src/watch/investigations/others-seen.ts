import type { SampleView } from '../../define/alarm-kind.ts';
import type { OthersSeen } from '../../define/reachability.ts';
import type { Topology } from '../../define/topology.ts';

type Neighbour = OthersSeen['neighbours'][number];

/** What a host was seen to do is believed for so long. */
const freshSeconds = 120;
const mostNeighbours = 20;
const clusterJob = 'proxmox';

/** Newest answers of the ways to a host, without what its cluster says of it; undefined where nobody asked lately. */
function answers(view: SampleView): boolean | undefined {
  const asked = view.series('up', freshSeconds).filter(({ labels, values }) => labels['job'] !== clusterJob && values.length > 0);
  return asked.length === 0 ? undefined : asked.some(({ values }) => values.at(-1) === 1);
}

/** Other watched hosts that share something with this one, what they share named first as it is named to users. */
function beside(host: string, { shared, guests }: Topology): Map<string, Pick<Neighbour, 'shares' | 'kind'>> {
  const found = new Map<string, Pick<Neighbour, 'shares' | 'kind'>>();
  const add = (name: string, kind: Neighbour['kind'], shares: string): void => {
    if (name !== host && !found.has(name)) found.set(name, { shares, kind });
  };
  const node = guests.find((guest) => guest.host === host)?.runsOn;
  if (node !== undefined) {
    add(node, 'node', 'the node that it runs on');
    for (const guest of guests) if (guest.runsOn === node) add(guest.host, 'node', `also on ${node}`);
  }
  for (const { kind, name, hosts } of shared) {
    if (kind === 'storage' || !hosts.includes(host)) continue;
    for (const one of hosts) add(one, kind, `${kind} ${name}`);
  }
  return found;
}

/**
 * What is known of a silent host from watching others: which of those beside it answer, and what its Proxmox VE cluster says of it. Its cluster was asked elsewhere only if it has another
 * member online: an API that nobody answers at makes all of its nodes look silent.
 */
export function othersSeen(host: string, topology: Topology, viewOf: (host: string) => SampleView): OthersSeen | undefined {
  const neighbours = [...beside(host, topology)].flatMap(([name, { shares, kind }]): Neighbour[] => {
    const answered = answers(viewOf(name));
    return answered === undefined ? [] : [{ host: name, shares, kind, answers: answered }];
  });
  const inCluster = (name: string) => viewOf(name).series('up', freshSeconds).find(({ labels, values }) => labels['job'] === clusterJob && values.length > 0);
  const own = inCluster(host);
  const members = topology.shared.filter(({ kind, hosts }) => kind === 'cluster' && hosts.includes(host)).flatMap(({ hosts }) => hosts);
  const isAsked = members.some((name) => name !== host && inCluster(name)?.values.at(-1) === 1);
  const said = own === undefined || !isAsked ? undefined : { node: own.labels['instance'] ?? host, online: own.values.at(-1) === 1, secondsAgo: Math.max(0, Math.round((viewOf(host).nowMs - own.timesMs.at(-1)!) / 1_000)) };
  if (neighbours.length === 0 && said === undefined) return undefined;
  return { neighbours: neighbours.slice(0, mostNeighbours), ...(said === undefined ? {} : { cluster: said }) };
}
