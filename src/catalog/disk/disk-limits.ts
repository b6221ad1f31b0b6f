import type { Disk } from './disks.fact.ts';

type Kind = Disk['kind'];

/**
 * Mean time of an I/O from which a disk of a kind is felt to be slow. A mechanical disk under a full queue takes 20 to 50 ms,
 * a solid-state disk 1 to 5 ms. A virtual disk adds whatever its own host does.
 */
export const latencyLimitMs: Readonly<Record<Kind, number>> = { hdd: 80, ssd: 25, nvme: 15, virtual: 100, unknown: 80 };

/** Mean time of an I/O from which being five times as slow as the siblings is no mere chance or quick against quicker. */
export const unlikeSiblingsFromMs: Readonly<Record<Kind, number>> = { hdd: 40, ssd: 8, nvme: 5, virtual: 15, unknown: 30 };

/** Median of small reads from an idle disk from which something is wrong with it. */
export const idleReadLimitMs: Readonly<Record<Kind, number>> = { hdd: 80, ssd: 20, nvme: 15, virtual: 80, unknown: 80 };

/** I/Os a second that a disk of a kind does at least when it is busy all the time. */
export const leastIosPerSecond: Readonly<Record<Kind, number>> = { hdd: 40, ssd: 150, nvme: 300, virtual: 40, unknown: 40 };

/** More bytes a second than this, and large I/Os excuse a low number of them. */
export const busyBytesPerSecond = 5_000_000;

/** Requests in the queue from which a busy disk of a kind is at its limit. */
export const fullQueue: Readonly<Record<Kind, number>> = { hdd: 1.5, ssd: 6, nvme: 12, virtual: 3, unknown: 2 };

export const kindNames: Readonly<Record<Kind, string>> = { hdd: 'a mechanical disk', ssd: 'a solid-state disk', nvme: 'an NVMe disk', virtual: 'a virtual disk', unknown: 'a disk' };

export function ms(value: number | undefined): string {
  if (value === undefined) return 'an unknown time';
  return value >= 1000 ? `${(value / 1000).toFixed(1)} s` : value >= 10 ? `${value.toFixed(0)} ms` : `${value.toFixed(1)} ms`;
}

export function byName<T extends { readonly name: string }>(list: readonly T[], disk: { readonly name: string }): T | undefined {
  return list.find((one) => one.name === disk.name);
}
