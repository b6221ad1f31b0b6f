import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { unparsable } from '../../define/result.ts';
import { memoryInfoSamples } from './memory-info.samples.ts';

const bytes = z.number().nonnegative();

/** /proc/meminfo (proc_meminfo(5)) in bytes. */
const schema = z.object({
  totalBytes: bytes,
  freeBytes: bytes,
  /** What programs could get without swapping; the kernel's own estimate. Does not count what the ZFS cache would give back. */
  availableBytes: bytes,
  buffersBytes: bytes,
  /** Page cache, with shared memory (`shmemBytes`) in it. */
  cachedBytes: bytes,
  swapTotalBytes: bytes,
  swapFreeBytes: bytes,
  slabReclaimableBytes: bytes,
  slabUnreclaimableBytes: bytes,
  anonBytes: bytes,
  shmemBytes: bytes,
  dirtyBytes: bytes,
  writebackBytes: bytes,
  committedBytes: bytes,
  commitLimitBytes: bytes.optional(),
  swapCachedBytes: bytes.optional(),
  mappedBytes: bytes.optional(),
  unevictableBytes: bytes.optional(),
  kernelStackBytes: bytes.optional(),
  pageTablesBytes: bytes.optional(),
  vmallocUsedBytes: bytes.optional(),
  perCpuBytes: bytes.optional(),
  anonHugePagesBytes: bytes.optional(),
  /** All reserved huge pages of all sizes together. */
  hugePagesBytes: bytes.optional(),
  /** Huge pages of the default size. */
  hugePages: z.object({ total: bytes, free: bytes, reserved: bytes, sizeBytes: bytes }).optional(),
});
export type MemoryInfo = z.infer<typeof schema>;

const required = {
  totalBytes: 'MemTotal',
  freeBytes: 'MemFree',
  availableBytes: 'MemAvailable',
  buffersBytes: 'Buffers',
  cachedBytes: 'Cached',
  swapTotalBytes: 'SwapTotal',
  swapFreeBytes: 'SwapFree',
  slabReclaimableBytes: 'SReclaimable',
  slabUnreclaimableBytes: 'SUnreclaim',
  anonBytes: 'AnonPages',
  shmemBytes: 'Shmem',
  dirtyBytes: 'Dirty',
  writebackBytes: 'Writeback',
  committedBytes: 'Committed_AS',
} as const;

const optionalKeys = {
  commitLimitBytes: 'CommitLimit',
  swapCachedBytes: 'SwapCached',
  mappedBytes: 'Mapped',
  unevictableBytes: 'Unevictable',
  kernelStackBytes: 'KernelStack',
  pageTablesBytes: 'PageTables',
  vmallocUsedBytes: 'VmallocUsed',
  perCpuBytes: 'Percpu',
  anonHugePagesBytes: 'AnonHugePages',
  hugePagesBytes: 'Hugetlb',
} as const;

const line = /^([A-Za-z_()]{1,40}[0-9a-z]{0,8}): {1,40}(\d{1,18})( kB)?$/;

function parse(stdout: string): MemoryInfo | ReturnType<typeof unparsable> {
  const read = new Map<string, number>();
  for (const text of stdout.split('\n', 400)) {
    const match = line.exec(text.trimEnd());
    if (match?.[1] !== undefined) read.set(match[1], Number(match[2]) * (match[3] === undefined ? 1 : 1024));
  }
  const missing = Object.values(required).find((key) => !read.has(key));
  if (missing !== undefined) return unparsable(`/proc/meminfo has no line ${missing}`);
  const pick = (keys: Readonly<Record<string, string>>): Record<string, number> =>
    Object.fromEntries(Object.entries(keys).flatMap(([name, key]) => (read.has(key) ? [[name, read.get(key) ?? 0]] : [])));
  const hugeTotal = read.get('HugePages_Total');
  const hugePages = hugeTotal !== undefined && {
    hugePages: {
      total: hugeTotal,
      free: read.get('HugePages_Free') ?? 0,
      reserved: read.get('HugePages_Rsvd') ?? 0,
      sizeBytes: read.get('Hugepagesize') ?? 0,
    },
  };
  return { ...pick(required), ...pick(optionalKeys), ...hugePages } as MemoryInfo;
}

export default defineProbe({
  id: 'memory-info',
  title: 'Memory of the host',
  subject: 'memory',
  stage: 'early',
  maxBytes: 16_384,
  sh: `dump /proc/meminfo`,
  schema,
  parse,
  examples: memoryInfoSamples,
});
