import type { MemoryInfo } from './memory-info.probe.ts';

const gibibyte = 1024 ** 3;

/** 64 GiB, half of it in use by programs, no swap: as the source `memory-info` has it; `more` changes it. */
export function memoryOf(more: Partial<MemoryInfo> = {}): MemoryInfo {
  return {
    totalBytes: 64 * gibibyte,
    freeBytes: 20 * gibibyte,
    availableBytes: 30 * gibibyte,
    buffersBytes: 0,
    cachedBytes: 10 * gibibyte,
    swapTotalBytes: 0,
    swapFreeBytes: 0,
    slabReclaimableBytes: gibibyte,
    slabUnreclaimableBytes: gibibyte,
    anonBytes: 30 * gibibyte,
    shmemBytes: 0,
    dirtyBytes: 0,
    writebackBytes: 0,
    committedBytes: 40 * gibibyte,
    ...more,
  };
}

const usage = {
  totalBytes: 64 * gibibyte,
  freeBytes: 20 * gibibyte,
  availableBytes: 30 * gibibyte,
  availablePercent: 46.875,
  arcBytes: 0,
  arcReclaimableBytes: 0,
  obtainableBytes: 30 * gibibyte,
  obtainablePercent: 46.875,
  programsBytes: 30 * gibibyte,
  hugePagesBytes: 0,
  cacheBytes: 11 * gibibyte,
  sharedBytes: 0,
  otherBytes: 3 * gibibyte,
  swapTotalBytes: 0,
  swapUsedBytes: 0,
};

/** The same host as the source `memory-usage` has it. Percentages follow from the bytes. */
export function memoryUsageOf(more: Partial<typeof usage> = {}): typeof usage {
  const changed = { ...usage, ...more };
  const obtainableBytes = more.obtainableBytes ?? changed.availableBytes + changed.arcReclaimableBytes;
  return {
    ...changed,
    obtainableBytes,
    availablePercent: (100 * changed.availableBytes) / changed.totalBytes,
    obtainablePercent: (100 * obtainableBytes) / changed.totalBytes,
  };
}

const quiet = {
  swapInPagesPerSecond: 0,
  swapOutPagesPerSecond: 0,
  majorFaultsPerSecond: 2,
  reclaimScannedPagesPerSecond: 0,
  directReclaimPagesPerSecond: 0,
  allocationStallsPerSecond: 0,
  compactionStallsPerSecond: 0,
  refaultsPerSecond: 0,
  oomKillsInWindow: 0,
  oomKillsSinceBoot: 0,
  swapTotalBytes: 8 * gibibyte,
  swapUsedBytes: 0,
};

/** A host that does not swap, as the source `swap-activity` has it. */
export function swapActivityOf(more: Partial<typeof quiet> = {}): typeof quiet {
  return { ...quiet, ...more };
}

/** A ZFS cache of this size that would shrink to that minimum, as the source `zfs-arc` has it. */
export function arcOf(sizeBytes: number, minBytes: number, maxBytes = sizeBytes) {
  const one = { sizeBytes, minBytes, targetBytes: sizeBytes, maxBytes, hits: 0, misses: 0, memoryThrottles: 0 };
  return { first: one, second: one, intervalSeconds: 5 };
}
