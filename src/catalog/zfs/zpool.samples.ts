/** Pools that the examples of units about ZFS share. */

function leaf(path: string) {
  return {
    path,
    vdev: 'mirror-0',
    role: 'data',
    state: 'ONLINE',
    readErrors: 0,
    writeErrors: 0,
    checksumErrors: 0,
    slowIos: 0,
    note: '',
  };
}

export const healthyPool = {
  name: 'tank',
  state: 'ONLINE',
  status: '',
  vdevs: [{ name: 'mirror-0', type: 'mirror', state: 'ONLINE', role: 'data' }],
  leaves: [leaf('/dev/disk/by-id/ata-A'), leaf('/dev/disk/by-id/ata-B')],
  dataErrors: 0,
};

export const degradedPool = {
  ...healthyPool,
  state: 'DEGRADED',
  vdevs: [{ name: 'mirror-0', type: 'mirror', state: 'DEGRADED', role: 'data' }],
  leaves: [leaf('/dev/disk/by-id/ata-A'), { ...leaf('/dev/disk/by-id/ata-B'), state: 'UNAVAIL', readErrors: 3, note: 'was /dev/sdb1' }],
};

export const checksumPool = {
  ...healthyPool,
  status: 'One or more devices has experienced an unrecoverable error.',
  leaves: [leaf('/dev/disk/by-id/ata-A'), { ...leaf('/dev/disk/by-id/ata-B'), checksumErrors: 37 }],
};

export function kstatsOf(state: string, stuck = false) {
  const txgs = [
    { txg: 10, state: 'C', writtenBytes: 1e6, openMs: 5000, quiesceMs: 1, waitMs: 1, syncMs: 120 },
    { txg: 11, state: stuck ? 'S' : 'O', writtenBytes: 0, openMs: 0, quiesceMs: 0, waitMs: 0, syncMs: 0 },
  ];
  const reading = { pools: [{ name: 'tank', state, datasets: [], txgs }] };
  return { first: reading, second: reading, intervalSeconds: 4 };
}

export function listOf(capacityPercent: number, more: { fragmentationPercent?: number; sizeBytes?: number } = {}) {
  const sizeBytes = more.sizeBytes ?? 4e12;
  return {
    pools: [
      {
        name: 'tank',
        sizeBytes,
        allocatedBytes: (sizeBytes * capacityPercent) / 100,
        freeBytes: sizeBytes * (1 - capacityPercent / 100),
        fragmentationPercent: 20,
        capacityPercent,
        dedupRatio: 1,
        health: 'ONLINE',
        ashift: 12,
        autotrim: false,
        failmode: 'wait',
        ...more,
      },
    ],
  };
}

/** One pool of the fact `zpools`. */
export function zpool(more: object = {}) {
  return {
    pools: [
      {
        object: 'storage/tank',
        name: 'tank',
        state: 'ONLINE',
        suspended: false,
        status: healthyPool,
        capacityPercent: 40,
        freeBytes: 2.4e12,
        sizeBytes: 4e12,
        fragmentationPercent: 20,
        dedupRatio: 1,
        longestSyncMs: 120,
        syncStuck: false,
        ...more,
      },
    ],
  };
}

export function scanning(kind: 'scrub' | 'resilver', state: 'running' | 'paused' | 'finished') {
  return { ...healthyPool, scan: { kind, state, percentDone: 12.5, atSeconds: 1_795_402_157, errors: 0 } };
}

/** The counters of a pool whose only dataset is asked for so many reads and writes within the window. */
export function poolAtUse(requests: number) {
  const at = (reads: number) => ({ pools: [{ name: 'tank', state: 'ONLINE', datasets: [{ name: 'tank/images', reads, readBytes: reads * 8192, writes: 900, writtenBytes: 7_372_800 }], txgs: [] }] });
  return { first: at(5_000), second: at(5_000 + requests), intervalSeconds: 4 };
}
