import { z } from 'zod';
import { defineFact } from '../../define/fact.ts';
import { optional } from '../../define/source.ts';
import memoryInfo from './memory-info.probe.ts';
import { memoryOf } from './memory.samples.ts';
import vmStat, { type VmStat } from './vm-stat.probe.ts';

const rate = z.number().nonnegative();

const schema = z.object({
  swapInPagesPerSecond: rate,
  swapOutPagesPerSecond: rate,
  majorFaultsPerSecond: rate,
  /** Looked at in search of memory to take back, by the kernel's own thread and by programs that need memory. */
  reclaimScannedPagesPerSecond: rate,
  /** Taken back by programs themselves, which wait meanwhile. */
  directReclaimPagesPerSecond: rate,
  allocationStallsPerSecond: rate,
  compactionStallsPerSecond: rate,
  /** Pages that were needed again soon after they had been dropped. */
  refaultsPerSecond: rate,
  /** Out-of-memory kills, on the host and in control groups together. */
  oomKillsInWindow: z.number(),
  oomKillsSinceBoot: z.number(),
  swapTotalBytes: rate,
  swapUsedBytes: rate,
});
export type SwapActivity = z.infer<typeof schema>;

const before: VmStat = { swappedInPages: 1000, swappedOutPages: 5000, majorFaults: 100, allocationStalls: 3, oomKills: 1 };

/** What swapping and reclaim did within the sampling window. */
export default defineFact({
  id: 'swap-activity',
  title: 'Swapping and reclaim within the sampling window',
  needs: { counters: vmStat, memory: optional(memoryInfo) },
  schema,
  derive: ({ counters: { first, second, intervalSeconds }, memory }) => {
    const perSecond = (...keys: (keyof VmStat)[]): number =>
      keys.reduce((sum, key) => sum + Math.max(0, (second[key] ?? 0) - (first[key] ?? 0)), 0) / intervalSeconds;
    return {
      swapInPagesPerSecond: perSecond('swappedInPages'),
      swapOutPagesPerSecond: perSecond('swappedOutPages'),
      majorFaultsPerSecond: perSecond('majorFaults'),
      reclaimScannedPagesPerSecond: perSecond('scannedByKswapdPages', 'scannedDirectPages'),
      directReclaimPagesPerSecond: perSecond('reclaimedDirectPages'),
      allocationStallsPerSecond: perSecond('allocationStalls'),
      compactionStallsPerSecond: perSecond('compactionStalls'),
      refaultsPerSecond: perSecond('refaultedAnonPages', 'refaultedFilePages'),
      oomKillsInWindow: Math.max(0, (second.oomKills ?? 0) - (first.oomKills ?? 0)),
      oomKillsSinceBoot: second.oomKills ?? 0,
      swapTotalBytes: memory?.swapTotalBytes ?? 0,
      swapUsedBytes: Math.max(0, (memory?.swapTotalBytes ?? 0) - (memory?.swapFreeBytes ?? 0)),
    };
  },
  examples: [
    {
      name: 'two thousand pages come back from swap in five seconds, and one process is killed',
      given: {
        counters: { first: before, second: { ...before, swappedInPages: 3000, allocationStalls: 13, oomKills: 2 }, intervalSeconds: 5 },
        memory: memoryOf({ swapTotalBytes: 8 * 1024 ** 3, swapFreeBytes: 1024 ** 3 }),
      },
      expect: { swapInPagesPerSecond: 400, swapOutPagesPerSecond: 0, allocationStallsPerSecond: 2, oomKillsInWindow: 1, oomKillsSinceBoot: 2, swapUsedBytes: 7 * 1024 ** 3 },
    },
    {
      name: 'swap in use, and at rest',
      given: { counters: { first: before, second: before, intervalSeconds: 5 }, memory: memoryOf({ swapTotalBytes: 1024, swapFreeBytes: 0 }) },
      expect: { swapInPagesPerSecond: 0, swapOutPagesPerSecond: 0, swapUsedBytes: 1024 },
    },
  ],
});
