import type { Topology } from '../../define/topology.ts';
import type { DisjointSets } from './disjoint-sets.ts';
import { linkFollowing, linkNearest, listsBy, type Placed } from './links.ts';
import type { JoinSettings } from './settings.ts';

/** Something that hosts share and that failed, with the alarms that say so. */
export interface SharedFault {
  /** `switch/sw1`; `node/pve1` for the guests of a node. */
  readonly name: string;
  readonly placed: readonly Placed[];
}

interface Group {
  readonly name: string;
  readonly hosts: ReadonlySet<string>;
  /** Two hosts that fail at once are enough where only two share it. Members of a cluster run on their own: there it is not. */
  readonly twoSuffice: boolean;
}

interface Candidate extends SharedFault {
  readonly group: Group;
  /** Log odds beyond those that are needed. */
  readonly gain: number;
}

/** What alarms of one kind are weighed with. */
interface Weighing {
  readonly items: readonly Placed[];
  /** Guests that count with their nodes. */
  readonly beside: ReadonlySet<string>;
  /** What failed by other signs needs no odds: it is known that something rare has happened. */
  readonly known: ReadonlySet<string>;
  readonly settings: JoinSettings;
}

function groupsOf({ shared, guests }: Topology): Group[] {
  const ofNodes = [...listsBy(guests, ({ runsOn }) => runsOn)].map(([node, list]) => ({ name: `node/${node}`, hosts: new Set([node, ...list.map(({ host }) => host)]), twoSuffice: false }));
  return [...shared.map(({ name, kind, hosts }) => ({ name: `${kind}/${name}`, hosts: new Set(hosts), twoSuffice: kind !== 'cluster' && new Set(hosts).size === 2 })), ...ofNodes];
}

/** The stretch of the window's length in which the most hosts begin. `items` are in the order of beginnings. */
function fullestStretch(items: readonly Placed[], windowMs: number): readonly Placed[] {
  const counts = new Map<string, number>();
  let [first, best, bestFirst, bestEnd] = [0, 0, 0, 0];
  for (const [index, { member }] of items.entries()) {
    counts.set(member.host, (counts.get(member.host) ?? 0) + 1);
    while (member.startedAtMs - items[first]!.member.startedAtMs > windowMs) {
      const { host } = items[first]!.member;
      const left = counts.get(host)! - 1;
      if (left === 0) counts.delete(host);
      else counts.set(host, left);
      first += 1;
    }
    if (counts.size > best) [best, bestFirst, bestEnd] = [counts.size, first, index + 1];
  }
  return items.slice(bestFirst, bestEnd);
}

/** The stretch, and what follows or precedes it without a gap longer than the window: who notices late. */
function grown(stretch: readonly Placed[], items: readonly Placed[], windowMs: number): Placed[] {
  let start = items.indexOf(stretch[0]!);
  let end = items.indexOf(stretch.at(-1)!);
  while (start > 0 && items[start]!.member.startedAtMs - items[start - 1]!.member.startedAtMs <= windowMs) start -= 1;
  while (end < items.length - 1 && items[end + 1]!.member.startedAtMs - items[end]!.member.startedAtMs <= windowMs) end += 1;
  return items.slice(start, end + 1);
}

const hostsOf = (placed: readonly Placed[]): Set<string> => new Set(placed.map(({ member }) => member.host));

/** How much the alarms of one kind speak for the failure of what a group shares. `taken` are those that another failure explains already. */
function weigh(group: Group, taken: ReadonlySet<Placed>, { items, beside, known, settings }: Weighing): Candidate | undefined {
  const windowMs = group.twoSuffice ? settings.sharedByTwoWindowMs : settings.sharedWindowMs;
  const ofGroup = items.filter(({ member }) => group.hosts.has(member.host));
  const free = ofGroup.filter((item) => !taken.has(item));
  const stretch = fullestStretch(free, windowMs);
  const first = stretch[0]?.member.startedAtMs;
  if (first === undefined) return undefined;
  const counts = (host: string): boolean => group.name.startsWith('node/') || !beside.has(host);
  const hit = new Set([...hostsOf(stretch)].filter(counts));
  if (hit.size < (group.twoSuffice ? 2 : 3)) return undefined;
  const explained = hostsOf(ofGroup.filter((item) => taken.has(item) && Math.abs(item.member.startedAtMs - first) <= 2 * windowMs));
  const spared = [...group.hosts].filter((host) => counts(host) && !hit.has(host) && !explained.has(host)).length;
  const { hitIfShared, hitOtherwise, sharedLogOdds } = settings;
  const logOdds = hit.size * Math.log(hitIfShared / hitOtherwise) + spared * Math.log((1 - hitIfShared) / (1 - hitOtherwise));
  const gain = logOdds - (known.has(group.name) ? 0 : sharedLogOdds);
  return gain < 0 ? undefined : { name: group.name, group, placed: grown(stretch, free, windowMs), gain };
}

/** Guests that fail with their node, of which the node is evidence enough: counted beside it, a node with many guests would look like many hosts. */
function guestsOfHitNodes(items: readonly Placed[], { guests }: Topology): ReadonlySet<string> {
  const hit = hostsOf(items);
  return new Set(guests.filter(({ host, runsOn }) => hit.has(host) && hit.has(runsOn)).map(({ host }) => host));
}

/**
 * Alarms about a shared thing itself, which its hosts raise with its name as their object (`storage/nfs1`), by that name. They say what failed, and are no evidence
 * for the failure of anything else.
 */
export function aboutShared(placed: readonly Placed[], { shared }: Topology): Map<string, Placed[]> {
  const hosts = new Map(shared.map((one) => [`${one.kind}/${one.name}`, new Set(one.hosts)]));
  return listsBy(
    placed.filter(({ member }) => hosts.get(member.object)?.has(member.host) === true),
    ({ member }) => member.object,
  );
}

/** Alarms about a shared thing belong together, whoever of its hosts raises them; and with its hosts that fell silent, but for a storage, which silences none. */
export function linkShared(byHost: ReadonlyMap<string, readonly Placed[]>, about: ReadonlyMap<string, readonly Placed[]>, topology: Topology, { sharedWindowMs, silentKinds }: JoinSettings, sets: DisjointSets): void {
  for (const { name, kind, hosts } of topology.shared) {
    const items = about.get(`${kind}/${name}`);
    if (items === undefined) continue;
    linkFollowing(items, sharedWindowMs, sets);
    if (kind === 'storage') continue;
    for (const host of hosts) {
      linkNearest(
        (byHost.get(host) ?? []).filter(({ member }) => silentKinds.includes(member.kind)),
        items,
        sharedWindowMs,
        sets,
      );
    }
  }
}

/** Failures that explain the alarms of one kind, and how much better than chance. */
interface Explanation {
  readonly faults: readonly Candidate[];
  readonly gain: number;
}

/** Takes the failure with the highest odds, again and again, until none is convincing by what is left. */
function explain(groups: readonly Group[], weighing: Weighing): Explanation {
  const taken = new Set<Placed>();
  const faults: Candidate[] = [];
  for (let rounds = 0; rounds < 100; rounds += 1) {
    const candidates = groups.flatMap((group) => weigh(group, taken, weighing) ?? []);
    const best = candidates.sort((one, other) => other.gain - one.gain || one.group.hosts.size - other.group.hosts.size || (one.name < other.name ? -1 : 1))[0];
    if (best === undefined) break;
    for (const item of best.placed) taken.add(item);
    faults.push(best);
  }
  return { faults, gain: faults.reduce((sum, { gain }) => sum + gain, 0) };
}

/** Leaves out what makes the whole less likely: two storage servers that failed may look like half of the site, and explain more as two. */
function bestExplanation(groups: readonly Group[], weighing: Weighing): Explanation {
  let left = groups;
  let best = explain(left, weighing);
  for (let rounds = 0; rounds < groups.length; rounds += 1) {
    const tries = best.faults.map(({ group }) => {
      const fewer = left.filter((one) => one !== group);
      return { fewer, ...explain(fewer, weighing) };
    });
    const better = tries.filter(({ gain }) => gain > best.gain).sort((one, other) => other.gain - one.gain)[0];
    if (better === undefined) break;
    left = better.fewer;
    best = better;
  }
  return best;
}

/**
 * Failures of shared things. Hosts that share something and raise the same kind of alarm within a short time speak for its failure, and hosts of it that do not
 * speak against it: the log odds add up (as in noisy-OR, each host by itself), and need 1,000 to 1. So about half of the hosts are needed, and never fewer than
 * three: two unrelated faults on two hosts of a cluster stay two. What one failure explains says nothing for another: a cluster beside a switch has to be convincing
 * by its other hosts. Of all explanations that is sought, by taking the best first and leaving out what hurts, which has the highest odds as a whole; what two kinds of
 * alarm show, or hosts name (`named`), explains other kinds too before anything else has to have failed.
 */
export function sharedFaults(placed: readonly Placed[], named: Iterable<string>, topology: Topology, settings: JoinSettings): SharedFault[] {
  const groups = groupsOf(topology);
  const byKind = [...listsBy(placed, ({ member }) => member.kind).values()].flatMap((items) => {
    const hosts = hostsOf(items);
    const possible = hosts.size < 2 ? [] : groups.filter((group) => [...group.hosts].filter((host) => hosts.has(host)).length >= 2);
    return possible.length === 0 ? [] : [{ possible, items, beside: guestsOfHitNodes(items, topology) }];
  });
  const explainAll = (known: ReadonlySet<string>): (readonly Candidate[])[] => byKind.map(({ possible, items, beside }) => bestExplanation(possible, { items, beside, known, settings }).faults);
  const first = explainAll(new Set(named)).flatMap((faults) => [...new Set(faults.map(({ name }) => name))]);
  const shown = first.filter((name, index) => first.indexOf(name) !== index);
  return explainAll(new Set([...named, ...shown])).flatMap((faults) => faults.map(({ name, placed }) => ({ name, placed })));
}
