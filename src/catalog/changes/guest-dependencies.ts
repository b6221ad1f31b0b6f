import type { DependencyNode } from '../../define/dependency-graph.ts';
import { ownMetrics } from '../../define/history.ts';
import type { Series } from '../../define/series.ts';
import type { GuestCgroup } from '../guests/guest-cgroups.probe.ts';
import { costOf, countedBetween, isLongEnough, rateBefore, type Change, type Counted } from './load-before.ts';

/** A disk of a guest as Proxmox VE names datasets and volumes: `tank/vm-100-disk-0`, `tank/subvol-101-disk-0`. */
const guestDataset = /(?:^|\/)(vm|base|subvol|basevol)-(\d{1,9})-disk-\d{1,6}$/;

export function guestOfDataset(name: string): string | undefined {
  const [, kind = '', id] = guestDataset.exec(name.slice(-300)) ?? [];
  return id === undefined ? undefined : `${kind.endsWith('vol') ? 'lxc' : 'qemu'}/${id}`;
}

/** Somebody who uses a place: a guest, or a dataset that no guest is known to have. */
export interface User {
  readonly id: string;
  readonly places: readonly string[];
  /** Over the window; `sinceSeconds` before it counting began, and `since` says with what. */
  readonly first: Counted;
  readonly second: Counted;
  readonly windowSeconds: number;
  readonly sinceSeconds: number;
  readonly since: 'since boot' | 'since its start';
  /** Only bytes were counted. */
  readonly bytesOnly: boolean;
}

export const nothingCounted: Counted = { reads: 0, writes: 0, readBytes: 0, writtenBytes: 0 };

export function addCounted(a: Counted, b: Counted): Counted {
  return { reads: a.reads + b.reads, writes: a.writes + b.writes, readBytes: a.readBytes + b.readBytes, writtenBytes: a.writtenBytes + b.writtenBytes };
}

export function countedByGroup(io: NonNullable<GuestCgroup['io']>): Counted {
  return addCounted(io.disks, io.zvols);
}

const bytesOf = ({ readBytes, writtenBytes }: Counted): number => readBytes + writtenBytes;

/** Reads that the cache answers reach no disk: with `missed` of all reads of a place that do, so much of each one's reads. */
function withoutHits(counted: Counted, missed: number): Counted {
  return { ...counted, reads: counted.reads * missed, readBytes: counted.readBytes * missed };
}

/** Share of reads that reach the disks. */
export interface Missed {
  readonly before: number;
  readonly after: number;
}

export interface UserContext {
  readonly uptimeSeconds: number;
  readonly history: readonly Series[];
  readonly onsetMs: number | undefined;
  /** All are compared by bytes, since of one of them only these are known. */
  readonly bytesOnly: boolean;
  readonly missedOf: (place: string) => Missed | undefined;
}

/** Before and now: by counters where these go back far enough, else by samples that somebody kept; a guest that was started a moment ago did nothing before. Undefined where nothing tells. */
export function changeOf(user: User, { uptimeSeconds, history, onsetMs, bytesOnly, missedOf }: UserContext): Change | undefined {
  const { first, second, windowSeconds, sinceSeconds, since } = user;
  const amount = bytesOnly ? bytesOf : costOf;
  const missed = missedOf(user.places[0] ?? '') ?? { before: 1, after: 1 };
  const after = { workPerSecond: amount(withoutHits(countedBetween(first, second), missed.after)) / windowSeconds };
  if (isLongEnough(sinceSeconds, windowSeconds)) return { before: { workPerSecond: amount(withoutHits(first, missed.before)) / sinceSeconds }, after, beforeFrom: since };
  if (bytesOnly) {
    const kept = (metric: string): Series | undefined => history.find((one) => one.metric === metric && one.labels['guest'] === user.id);
    const workPerSecond = rateBefore([kept(ownMetrics.guestDiskRead), kept(ownMetrics.guestDiskWritten)], onsetMs);
    if (workPerSecond !== undefined) return { before: { workPerSecond }, after, beforeFrom: 'history' };
  }
  // Were it but started again, the places that it uses had as much work before, and their growth would not lead to it.
  return isLongEnough(uptimeSeconds, windowSeconds) ? { before: { workPerSecond: 0 }, after, beforeFrom: 'not running' } : undefined;
}

/** All that uses a place besides the guests that are known to. */
export const othersOn = (place: string): string => `others on ${place}`;

/** Where each request of a guest is one of the disk: what is left of the disk's work. */
export function othersNode(place: DependencyNode, guests: readonly DependencyNode[]): DependencyNode {
  const users = guests.filter(({ dependsOn }) => dependsOn.includes(place.id));
  const rest = (of: 'before' | 'after'): { workPerSecond: number } => ({ workPerSecond: Math.max(0, place[of].workPerSecond - users.reduce((sum, user) => sum + user[of].workPerSecond, 0)) });
  return { id: othersOn(place.id), dependsOn: [place.id], before: rest('before'), after: rest('after'), beforeFrom: place.beforeFrom };
}

export function userNodes(users: readonly User[], context: UserContext): DependencyNode[] {
  return users.flatMap((user): DependencyNode[] => {
    const change = changeOf(user, context);
    return change === undefined ? [] : [{ id: user.id, dependsOn: [...user.places], ...change }];
  });
}
