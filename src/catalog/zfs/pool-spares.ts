import type { PoolStatus } from './zpool-status.schema.ts';

export function sparesOf(status: PoolStatus | undefined): PoolStatus['leaves'] {
  return status?.leaves.filter((leaf) => leaf.role === 'spare') ?? [];
}

/** A spare waits (AVAIL) or works (INUSE); any other state means that it cannot step in (zpoolconcepts(7), Hot Spares). */
export function unusableSpares(status: PoolStatus | undefined): PoolStatus['leaves'] {
  return sparesOf(status).filter((leaf) => leaf.state !== 'AVAIL' && leaf.state !== 'INUSE');
}
