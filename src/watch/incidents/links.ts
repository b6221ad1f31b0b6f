import type { Topology } from '../../define/topology.ts';
import type { DisjointSets } from './disjoint-sets.ts';
import type { JoinSettings } from './settings.ts';
import type { Member } from './state.ts';

/** An alarm in the order of beginnings, with its place in it. */
export interface Placed {
  readonly member: Member;
  readonly place: number;
}

/** Lists by key, each in the order of its items. */
export function listsBy<Item>(items: readonly Item[], key: (item: Item) => string): Map<string, Item[]> {
  const lists = new Map<string, Item[]>();
  for (const item of items) {
    const list = lists.get(key(item));
    if (list === undefined) lists.set(key(item), [item]);
    else list.push(item);
  }
  return lists;
}

/** Each with the one before it, when it began within the window. */
export function linkFollowing(items: readonly Placed[], windowMs: number, sets: DisjointSets): void {
  for (const [index, item] of items.entries()) {
    const before = items[index - 1];
    if (before !== undefined && item.member.startedAtMs - before.member.startedAtMs <= windowMs) sets.unite(before.place, item.place);
  }
}

/** Each of one list with the nearest before and after it in the other, within the window. Where either list holds together itself, that links all that are near. */
export function linkNearest(items: readonly Placed[], others: readonly Placed[], windowMs: number, sets: DisjointSets): void {
  let next = 0;
  for (const item of items) {
    while (next < others.length && others[next]!.member.startedAtMs <= item.member.startedAtMs) next += 1;
    for (const other of [others[next - 1], others[next]]) {
      if (other !== undefined && Math.abs(other.member.startedAtMs - item.member.startedAtMs) <= windowMs) sets.unite(item.place, other.place);
    }
  }
}

/**
 * The same alarm that comes back is the same trouble. Returns those whose beginning may say something about others: an alarm that comes back again and
 * again does not, or it would draw everything that ever begins on its host into one incident. Nor does what is long ago: of that it is not known any more whether it flapped.
 */
export function linkSame(placed: readonly Placed[], { sameWindowMs, flapCount, lateMs }: JoinSettings, atMs: number, sets: DisjointSets): Placed[] {
  const telling: Placed[] = [];
  for (const run of listsBy(placed, ({ member }) => member.identity).values()) {
    let times = 0;
    for (const [index, item] of run.entries()) {
      const before = run[index - 1];
      const goesOn = before !== undefined && item.member.startedAtMs - (before.member.resolvedAtMs ?? Infinity) <= sameWindowMs;
      if (goesOn) sets.unite(before.place, item.place);
      times = goesOn ? times + 1 : 0;
      if (times < flapCount && Math.max(item.member.arrivedAtMs, item.member.resolvedAtMs ?? -Infinity) + lateMs > atMs) telling.push(item);
    }
  }
  return telling.sort((one, other) => one.place - other.place);
}

/** What an object stands on, through any number of steps. */
function below(object: string, standsOn: ReadonlyMap<string, readonly string[]>): Set<string> {
  const found = new Set<string>();
  const open = [object];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const on of standsOn.get(next) ?? []) {
      if (!found.has(on)) open.push(on);
      found.add(on);
    }
  }
  found.delete(object);
  return found;
}

/** Alarms of one host: soon after each other; longer where one object stands on the other. What concerns the host as a whole is no such object. */
export function linkHosts(byHost: ReadonlyMap<string, readonly Placed[]>, topology: Topology, { hostWindowMs, relatedWindowMs }: JoinSettings, sets: DisjointSets): void {
  const edges = listsBy(topology.standsOn, ({ host }) => host);
  for (const [host, items] of byHost) {
    linkFollowing(items, hostWindowMs, sets);
    const byObject = listsBy(
      items.filter(({ member }) => member.object !== 'host'),
      ({ member }) => member.object,
    );
    const standsOn = new Map((edges.get(host) ?? []).map(({ object, on }) => [object, on]));
    for (const [object, list] of byObject) {
      linkFollowing(list, relatedWindowMs, sets);
      for (const lower of below(object, standsOn)) linkNearest(list, byObject.get(lower) ?? [], relatedWindowMs, sets);
    }
  }
}

/** A guest that is watched by itself, and its node: what the node says of that very guest is about the same thing. */
export function linkGuests(byHost: ReadonlyMap<string, readonly Placed[]>, topology: Topology, { guestWindowMs, relatedWindowMs }: JoinSettings, sets: DisjointSets): void {
  for (const { host, runsOn, object } of topology.guests) {
    const ofGuest = byHost.get(host) ?? [];
    const ofNode = byHost.get(runsOn) ?? [];
    if (ofGuest.length === 0 || ofNode.length === 0) continue;
    linkNearest(ofGuest, ofNode, guestWindowMs, sets);
    linkNearest(
      ofGuest,
      ofNode.filter(({ member }) => member.object === object),
      relatedWindowMs,
      sets,
    );
  }
}
