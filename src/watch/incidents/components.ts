import type { Topology } from '../../define/topology.ts';
import { disjointSets } from './disjoint-sets.ts';
import { linkGuests, linkHosts, linkSame, listsBy, type Placed } from './links.ts';
import type { JoinSettings } from './settings.ts';
import { aboutShared, linkShared, sharedFaults } from './shared-faults.ts';
import { byOnset, type Member } from './state.ts';

/** Alarms that belong together, in the order of their beginnings. */
export interface Component {
  readonly members: readonly Member[];
  /** What they share that failed. */
  readonly shared: readonly string[];
}

/**
 * Which alarms belong together at a time. It follows from the set of alarms and what was joined before (which is never split): the order in which they arrived plays no part.
 */
export function componentsOf(members: Iterable<Member>, topology: Topology, settings: JoinSettings, atMs: number): Component[] {
  const placed: Placed[] = [...members].sort(byOnset).map((member, place) => ({ member, place }));
  const sets = disjointSets(placed.length);
  for (const [incidentId, list] of listsBy(placed, ({ member }) => member.incidentId ?? '')) {
    if (incidentId !== '') for (const { place } of list) sets.unite(list[0]!.place, place);
  }
  const telling = linkSame(placed, settings, atMs, sets);
  const byHost = listsBy(telling, ({ member }) => member.host);
  linkHosts(byHost, topology, settings, sets);
  linkGuests(byHost, topology, settings, sets);
  const about = aboutShared(telling, topology);
  linkShared(byHost, about, topology, settings, sets);
  const aside = new Set([...about.values()].flat());
  const named = [...about].filter(([, items]) => new Set(items.map(({ member }) => member.host)).size > 1).map(([name]) => name);
  const faults = sharedFaults(
    telling.filter((item) => !aside.has(item)),
    named,
    topology,
    settings,
  );
  for (const fault of faults) for (const { place } of fault.placed) sets.unite(fault.placed[0]!.place, place);
  const names = listsBy(faults, ({ placed: [first] }) => String(sets.find(first!.place)));
  return [...listsBy(placed, ({ place }) => String(sets.find(place)))].map(([root, list]) => ({
    members: list.map(({ member }) => member),
    shared: [...new Set((names.get(root) ?? []).map(({ name }) => name))].sort(),
  }));
}
