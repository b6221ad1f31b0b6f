interface Pool {
  readonly name: string;
  readonly state: string;
  readonly freeBytes?: number | undefined;
  readonly capacityPercent?: number | undefined;
  readonly longestSyncMs?: number | undefined;
  readonly status?: { readonly scan?: { readonly kind: string; readonly state: string } | undefined; readonly leaves: readonly { readonly state: string; readonly role: string }[] } | undefined;
}

const longSyncMs = 10_000;

/** Why nothing temporary may be written to a pool now. */
export function refusalsOfPool(pool: Pool | undefined, neededBytes: number): string[] {
  if (pool === undefined) return ['the state of the pool is not known'];
  const { name, state, freeBytes, capacityPercent, longestSyncMs, status } = pool;
  const reasons: string[] = [];
  if (state !== 'ONLINE') reasons.push(`the pool ${name} is ${state}`);
  if (freeBytes === undefined || capacityPercent === undefined) reasons.push(`the free space of ${name} is not known`);
  else if (freeBytes < 20 * neededBytes || capacityPercent >= 90) reasons.push(`the pool ${name} has only ${Math.round(freeBytes / 1e6)} MB free (${capacityPercent} % are used)`);
  if (status?.scan?.state === 'running') reasons.push(`a ${status.scan.kind} of ${name} is running`);
  if (status?.leaves.some((leaf) => leaf.role === 'spare' && leaf.state === 'INUSE') === true) reasons.push(`a spare of ${name} is in use`);
  if ((longestSyncMs ?? 0) > longSyncMs) reasons.push(`writing a transaction group of ${name} out takes ${((longestSyncMs ?? 0) / 1_000).toFixed(0)} s already`);
  return reasons;
}
