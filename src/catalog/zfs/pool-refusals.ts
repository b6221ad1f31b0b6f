import type { SnapshotTools } from './snapshot-tools.probe.ts';

interface Pool {
  readonly name: string;
  readonly state: string;
  readonly freeBytes?: number | undefined;
  readonly capacityPercent?: number | undefined;
  readonly longestSyncMs?: number | undefined;
  readonly dirtyPercent?: number | undefined;
  readonly status?: { readonly scan?: { readonly kind: string; readonly state: string } | undefined; readonly leaves: readonly { readonly state: string; readonly role: string }[] } | undefined;
}

const longSyncMs = 10_000;
/** From here on ZFS slows writers down (zfs_delay_min_dirty_percent in zfs(4)). */
const muchDirtyPercent = 60;
/** Free space for each byte that is written. */
const roomFactor = 20;
const fullPercent = 90;
/** Between the look at the host and the start of an experiment, and for its clean-up. */
const marginSeconds = 60;
/** Of these, a running process starts making snapshots whenever it wants. */
const daemons = ['zrepl', 'znapzend'];

/** Why tools that make snapshots by themselves forbid temporary datasets directly below the pool: what has a snapshot cannot be removed. */
export function snapshotRefusals(tools: SnapshotTools | undefined, pool: string, withinSeconds: number): string[] {
  if (tools === undefined) return ['whether a tool is about to make snapshots is not known'];
  const concerns = (tool: string): boolean => {
    const known = tools.covers.find((one) => tool === one.tool || tool.startsWith(`${one.tool}.`))?.pools;
    return known === undefined || known.includes('*') || known.includes(pool);
  };
  const running = tools.running.filter(concerns).map((tool) => (daemons.includes(tool) ? `${tool} may make snapshots of ${pool} at any time` : `${tool} is running and may make snapshots of ${pool}`));
  const due = tools.due.filter(({ tool, inSeconds }) => concerns(tool) && (inSeconds ?? 0) <= withinSeconds + marginSeconds);
  return [...running, ...due.map(({ tool, inSeconds }) => (inSeconds === undefined ? `${tool} may make snapshots of ${pool} at a time that is not known` : `${tool} may make snapshots of ${pool} in ${inSeconds} s`))];
}

/** Why nothing temporary may be written to a pool now. */
export function poolRefusals(pool: Pool | undefined, neededBytes: number): string[] {
  if (pool === undefined) return ['the state of the pool is not known'];
  const { name, state, freeBytes, capacityPercent, longestSyncMs = 0, dirtyPercent = 0, status } = pool;
  const reasons: string[] = [];
  if (state !== 'ONLINE') reasons.push(`the pool ${name} is ${state}`);
  if (freeBytes === undefined || capacityPercent === undefined) reasons.push(`the free space of ${name} is not known`);
  else if (freeBytes < roomFactor * neededBytes || capacityPercent >= fullPercent) reasons.push(`the pool ${name} has only ${Math.round(freeBytes / 1e6)} MB free (${capacityPercent} % are used)`);
  if (status?.scan?.state === 'running') reasons.push(`a ${status.scan.kind} of ${name} is running`);
  if (status?.leaves.some((leaf) => leaf.role === 'spare' && leaf.state === 'INUSE') === true) reasons.push(`a spare of ${name} is in use`);
  if (longestSyncMs > longSyncMs) reasons.push(`writing a transaction group of ${name} out takes ${(longestSyncMs / 1_000).toFixed(0)} s already`);
  if (dirtyPercent > muchDirtyPercent) reasons.push(`${dirtyPercent} % of what ${name} may hold in memory wait to be written already`);
  return reasons;
}

export interface WritingHost {
  readonly zpools?: { readonly pools: readonly Pool[] } | undefined;
  readonly tools?: SnapshotTools | undefined;
}

/** Why no temporary datasets may be made and written to in a pool now. Waiting for I/O and pressure are no reasons: they are what is looked after. */
export function refusalsOfWriting({ zpools, tools }: WritingHost, name: string, { bytes, seconds }: { readonly bytes: number; readonly seconds: number }): string[] {
  const root = tools === undefined || tools.asRoot ? [] : ['root is needed to make datasets'];
  return [...root, ...poolRefusals(zpools?.pools.find((one) => one.name === name), bytes), ...snapshotRefusals(tools, name, seconds)];
}
