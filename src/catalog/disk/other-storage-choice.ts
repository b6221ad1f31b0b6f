import type { StoragePlace } from '../filesystem/storage-places.fact.ts';
import { refusalsOfWriting, type WritingHost } from '../zfs/pool-refusals.ts';

export interface Pair {
  /** The one with the latest answers. */
  readonly slow: StoragePlace;
  readonly other: StoragePlace;
}

const canTry = ({ pool, folder }: StoragePlace): boolean => pool !== undefined || folder !== undefined;

/** The slowest storage, and the quietest other one on disks of its own of the same kind; before that, of the same making (ZFS or not). */
export function pairOf(places: readonly StoragePlace[]): Pair | undefined {
  const open = places.filter((place) => canTry(place) && place.disks.length > 0);
  for (const slow of open) {
    const others = open.filter((place) => place !== slow && place.kind === slow.kind && place.lateMs <= slow.lateMs && !place.disks.some((name) => slow.disks.includes(name)));
    const unlike = (place: StoragePlace): number => Number((place.pool === undefined) !== (slow.pool === undefined));
    const other = others.toSorted((a, b) => Number(a.unfit !== undefined) - Number(b.unfit !== undefined) || unlike(a) - unlike(b) || a.lateMs - b.lateMs)[0];
    if (other !== undefined) return { slow, other };
  }
  return undefined;
}

export function refusalsOfPair({ slow, other }: Pair, host: WritingHost, needed: { readonly bytes: number; readonly seconds: number }): string[] {
  return [slow, other].flatMap((place) => {
    if (place.pool !== undefined) return refusalsOfWriting(host, place.pool, needed);
    if (place.unfit !== undefined) return [place.unfit];
    return place.freeBytes < 20 * needed.bytes ? [`only ${Math.round(place.freeBytes / 1e6)} MB are free on ${place.folder}`] : [];
  });
}
