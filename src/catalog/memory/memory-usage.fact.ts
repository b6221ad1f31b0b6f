import { z } from 'zod';
import { defineFact } from '../../define/fact.ts';
import { unparsable } from '../../define/result.ts';
import { optional } from '../../define/source.ts';
import zfsArc from '../zfs/zfs-arc.probe.ts';
import memoryInfo from './memory-info.probe.ts';
import { arcOf, memoryOf } from './memory.samples.ts';

const bytes = z.number().nonnegative();
const percent = z.number().min(0).max(100);

const schema = z.object({
  totalBytes: bytes,
  freeBytes: bytes,
  /** The kernel's own estimate, which counts the page cache, but not the ZFS cache. */
  availableBytes: bytes,
  availablePercent: percent,
  arcBytes: bytes,
  /** What ZFS would give back: its cache beyond its minimum. */
  arcReclaimableBytes: bytes,
  /** Available memory and what ZFS would give back. */
  obtainableBytes: bytes,
  obtainablePercent: percent,
  /** Anonymous memory of programs, guests above all. */
  programsBytes: bytes,
  hugePagesBytes: bytes,
  /** Page cache and reclaimable kernel objects. */
  cacheBytes: bytes,
  /** Shared memory and tmpfs. */
  sharedBytes: bytes,
  /** The rest: kernel and drivers, without the ZFS cache. */
  otherBytes: bytes,
  swapTotalBytes: bytes,
  swapUsedBytes: bytes,
});
export type MemoryUsage = z.infer<typeof schema>;

const gibibyte = 1024 ** 3;

/** Who has the host's memory, and how much could be had. */
export default defineFact({
  id: 'memory-usage',
  title: 'Who has the memory, and how much could be had',
  needs: { info: memoryInfo, arc: optional(zfsArc) },
  schema,
  derive: ({ info, arc }) => {
    const total = info.totalBytes;
    if (total <= 0) return unparsable('the host has no memory');
    const arcBytes = Math.min(total, arc?.second.sizeBytes ?? 0);
    const arcReclaimableBytes = Math.max(0, arcBytes - (arc?.second.minBytes ?? 0));
    const availableBytes = Math.min(total, info.availableBytes);
    const obtainableBytes = Math.min(total, availableBytes + arcReclaimableBytes);
    const hugePagesBytes = info.hugePagesBytes ?? (info.hugePages ? info.hugePages.total * info.hugePages.sizeBytes : 0);
    const sharedBytes = info.shmemBytes;
    const cacheBytes = Math.max(0, info.cachedBytes - sharedBytes) + info.buffersBytes + info.slabReclaimableBytes;
    const named = info.freeBytes + info.anonBytes + hugePagesBytes + cacheBytes + sharedBytes + arcBytes;
    return {
      totalBytes: total,
      freeBytes: info.freeBytes,
      availableBytes,
      availablePercent: (100 * availableBytes) / total,
      arcBytes,
      arcReclaimableBytes,
      obtainableBytes,
      obtainablePercent: (100 * obtainableBytes) / total,
      programsBytes: info.anonBytes,
      hugePagesBytes,
      cacheBytes,
      sharedBytes,
      otherBytes: Math.max(0, total - named),
      swapTotalBytes: info.swapTotalBytes,
      swapUsedBytes: Math.max(0, info.swapTotalBytes - info.swapFreeBytes),
    };
  },
  examples: [
    {
      name: 'no ZFS',
      given: { info: memoryOf({ swapTotalBytes: 8 * gibibyte, swapFreeBytes: 7 * gibibyte }) },
      expect: { availablePercent: 46.875, arcBytes: 0, obtainablePercent: 46.875, cacheBytes: 11 * gibibyte, otherBytes: 3 * gibibyte, swapUsedBytes: gibibyte },
    },
    {
      name: 'a large ZFS cache, of which half could be had back',
      given: {
        info: memoryOf({ freeBytes: 2 * gibibyte, availableBytes: 4 * gibibyte, cachedBytes: 2 * gibibyte, anonBytes: 24 * gibibyte }),
        arc: arcOf(32 * gibibyte, 16 * gibibyte),
      },
      expect: { availablePercent: 6.25, arcBytes: 32 * gibibyte, arcReclaimableBytes: 16 * gibibyte, obtainablePercent: 31.25, otherBytes: 3 * gibibyte },
    },
    {
      name: 'counters that do not add up',
      given: { info: memoryOf({ anonBytes: 80 * gibibyte, availableBytes: 70 * gibibyte }), arc: arcOf(90 * gibibyte, 100 * gibibyte) },
      expect: { availablePercent: 100, arcBytes: 64 * gibibyte, arcReclaimableBytes: 0, otherBytes: 0 },
    },
  ],
});
