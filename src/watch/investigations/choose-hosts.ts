import type { Alarm } from '../../define/alarm.ts';
import type { Topology } from '../../define/topology.ts';
import { byOnset } from '../incidents/state.ts';

/** Hosts that one incident has looked at at most: where a whole rack is in trouble, the first tell as much as all. */
const mostHosts = 3;

/**
 * Which hosts of an incident are looked at, the most telling first: by the beginnings of their alarms; of a guest that is watched by itself its node, where that has alarms too, before it, else after it.
 */
export function hostsToLookAt(alarms: readonly Pick<Alarm, 'id' | 'host' | 'startedAtMs'>[], { guests }: Topology, known: ReadonlySet<string>): string[] {
  const ordered = [...alarms].sort(byOnset);
  const alarmed = new Set(ordered.map(({ host }) => host));
  const nodeOf = new Map(guests.map(({ host, runsOn }) => [host, runsOn]));
  const first: string[] = [];
  const later: string[] = [];
  for (const host of alarmed) {
    const node = nodeOf.get(host);
    if (node !== undefined) (alarmed.has(node) ? first : later).push(node);
    first.push(host);
  }
  return [...new Set([...first, ...later])].filter((host) => known.has(host)).slice(0, mostHosts);
}
