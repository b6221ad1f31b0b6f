import type { PoolStatus } from '../zfs/zpool-status.schema.ts';
import type { DiskPace } from './disk-comparison.fact.ts';
import type { DiskHealth } from './disk-health.fact.ts';
import { byName } from './disk-limits.ts';
import { countEvents, type DiskLog } from './disk-log.fact.ts';
import type { Disk } from './disks.fact.ts';
import type { MdArray } from './md-arrays.probe.ts';
import type { TimedDisk } from './timed-reads.probe.ts';

/** Reads of so many disks fit into a minute. */
export const mostDisks = 24;

/** Names as the kernel gives them to whole disks; anything else does not get into a script. */
export const plainDiskName = /^(sd[a-z]{1,4}|vd[a-z]{1,3}|xvd[a-z]{1,3}|nvme\d{1,4}n\d{1,4}|mmcblk\d{1,3})$/;

interface Known {
  readonly disks: { readonly disks: readonly Disk[] };
  readonly health?: { readonly disks: readonly DiskHealth[] } | undefined;
  readonly log?: { readonly disks: readonly DiskLog[] } | undefined;
  readonly pools?: { readonly pools: readonly PoolStatus[] } | undefined;
  readonly arrays?: { readonly arrays: readonly MdArray[] } | undefined;
  readonly reads?: { readonly disks: readonly TimedDisk[] } | undefined;
  readonly pace?: { readonly disks: readonly DiskPace[] } | undefined;
}

function notWell(health: DiskHealth | undefined, awake: boolean): string | undefined {
  if (health === undefined) return undefined;
  if (health.passed === false || health.failingAttributes.length > 0) return 'expects to fail';
  if (health.pendingSectors > 0) return `has ${health.pendingSectors} sectors that cannot be read`;
  if (health.silent) return 'did not answer when it was asked for its health';
  return health.sleeping && !awake ? 'is asleep' : undefined;
}

/** Of the last hour. */
function lateTrouble(log: DiskLog | undefined): string | undefined {
  const resets = countEvents(log, ['link-reset', 'link-crc', 'timeout', 'nvme-reset', 'nvme-timeout', 'nvme-lost', 'offlined']).recent;
  if (resets > 0) return `was reset or ran out of time ${resets} times within the last hour, by the kernel's log`;
  const errors = countEvents(log, ['medium-error', 'io-error']).recent;
  return errors > 0 ? `had ${errors} errors within the last hour, by the kernel's log` : undefined;
}

const skippedWords: Readonly<Partial<Record<string, string>>> = { sleeping: 'is asleep', 'power-state-unknown': 'may be asleep', offline: 'is offline', failing: 'is failing' };

/** A disk that got something done a moment ago is awake, whatever it says of itself: some disks of virtual machines and USB bridges answer that question wrongly. */
function isAwake(disk: Disk, pace: Known['pace']): boolean {
  return (byName(pace?.disks ?? [], disk)?.completed ?? 0) > 0;
}

/** Why a disk must be left alone, as the end of a sentence. */
export function whyNotRead(disk: Disk, { health, log, pools, arrays, reads, pace }: Known): string | undefined {
  const read = byName(reads?.disks ?? [], disk);
  const pool = pools?.pools.find((one) => one.state !== 'ONLINE' && disk.uses.some((use) => use.pool === one.name));
  const array = arrays?.arrays.find((one) => (one.working ?? 0) < (one.disks ?? 0) && disk.uses.some((use) => use.pool === one.name));
  if (read?.stuck === true) return 'did not answer a read within seconds a moment ago';
  const skipped = skippedWords[read?.skipped ?? ''];
  const awake = isAwake(disk, pace);
  if (skipped !== undefined && !(awake && skipped.endsWith('asleep'))) return skipped;
  if (disk.rebuilding) return 'is part of a pool or array that is being rebuilt';
  if (pool !== undefined) return `is part of ${pool.name}, which is ${pool.state}`;
  if (array !== undefined) return `is part of ${array.name}, which has only ${array.working} of ${array.disks} disks`;
  return notWell(byName(health?.disks ?? [], disk), awake) ?? lateTrouble(byName(log?.disks ?? [], disk));
}

/** Disks that may be read, the slowest first and each followed by its siblings. */
export function disksToRead(known: Known): Disk[] {
  const late = (disk: Disk): number => {
    const pace = byName(known.pace?.disks ?? [], disk);
    return Math.max(pace?.latencyMs ?? 0, pace?.timedReadMs ?? 0);
  };
  const fit = known.disks.disks.filter((disk) => plainDiskName.test(disk.name) && whyNotRead(disk, known) === undefined).toSorted((a, b) => late(b) - late(a));
  const inOrder = fit.flatMap((disk) => [disk, ...fit.filter(({ name }) => disk.siblings.includes(name))]);
  return [...new Set(inOrder)].slice(0, mostDisks);
}
