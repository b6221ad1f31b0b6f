import type { BlockedTask } from '../kernel/blocked-tasks.probe.ts';

interface Dataset {
  readonly name: string;
  readonly reads: number;
  readonly writes: number;
}
interface PoolCounters {
  readonly name: string;
  readonly datasets: readonly Dataset[];
}
export interface PoolCounterPair {
  readonly first: { readonly pools: readonly PoolCounters[] };
  readonly second: { readonly pools: readonly PoolCounters[] };
}

/** More datasets than these are not all read, so that nothing is known of the rest. */
const maxDatasets = 300;

/**
 * Reads and writes that programs and guests asked a pool for within the window, from the counters of its datasets and volumes; what a scrub or a rebuild does
 * itself is not among them. Undefined where they could not be read.
 */
export function requestsOf(pool: string, counters: PoolCounterPair | undefined): number | undefined {
  const before = counters?.first.pools.find((one) => one.name === pool)?.datasets;
  const after = counters?.second.pools.find((one) => one.name === pool)?.datasets;
  if (before === undefined || after === undefined || after.length === 0 || after.length >= maxDatasets) return undefined;
  return after.reduce((sum, dataset) => {
    const earlier = before.find((one) => one.name === dataset.name);
    return sum + dataset.reads + dataset.writes - (earlier?.reads ?? 0) - (earlier?.writes ?? 0);
  }, 0);
}

/** Its condition variables, in which whoever waits for ZFS sleeps; their names are all that one sees without root. */
const conditionVariables = /^_{0,2}cv_(?:timed)?wait/;
const zfsFunctions = /^(?:zil_commit|txg_wait|dmu_|zvol_|zfs_|zpl_|dbuf_|arc_)/;

/** Whether a thread in uninterruptible sleep is a program or a guest's volume that waits for ZFS, and not ZFS at its own work. */
export function waitsForZfs({ kernelThread, stack, waitsIn }: BlockedTask): boolean {
  if (stack.some((name) => zfsFunctions.test(name))) return !kernelThread || stack.some((name) => name.startsWith('zvol_'));
  return !kernelThread && stack.length === 0 && conditionVariables.test(waitsIn ?? '');
}
