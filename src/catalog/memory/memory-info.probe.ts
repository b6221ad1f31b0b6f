import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { unparsable } from '../../define/result.ts';

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
  examples: [
    {
      from: 'recorded',
      where: 'Debian 12, kernel 6.1',
      stdout: `==> /proc/meminfo <==
MemTotal:        1497988 kB
MemFree:         1278184 kB
MemAvailable:    1248116 kB
Buffers:            5008 kB
Cached:            63984 kB
SwapCached:            0 kB
Active:            35332 kB
Inactive:          46624 kB
Active(anon):        228 kB
Inactive(anon):    13188 kB
Active(file):      35104 kB
Inactive(file):    33436 kB
Unevictable:           0 kB
Mlocked:               0 kB
SwapTotal:             0 kB
SwapFree:              0 kB
Zswap:                 0 kB
Zswapped:              0 kB
Dirty:               156 kB
Writeback:             0 kB
AnonPages:         13012 kB
Mapped:            19616 kB
Shmem:               452 kB
KReclaimable:      17924 kB
Slab:              40176 kB
SReclaimable:      17924 kB
SUnreclaim:        22252 kB
KernelStack:        2016 kB
PageTables:          616 kB
SecPageTables:         0 kB
NFS_Unstable:          0 kB
Bounce:                0 kB
WritebackTmp:          0 kB
CommitLimit:      748992 kB
Committed_AS:      23168 kB
VmallocTotal:   34359738367 kB
VmallocUsed:       39568 kB
VmallocChunk:          0 kB
Percpu:              760 kB
HardwareCorrupted:     0 kB
AnonHugePages:      2048 kB
ShmemHugePages:        0 kB
ShmemPmdMapped:        0 kB
FileHugePages:         0 kB
FilePmdMapped:         0 kB
HugePages_Total:       0
HugePages_Free:        0
HugePages_Rsvd:        0
HugePages_Surp:        0
Hugepagesize:       2048 kB
Hugetlb:               0 kB
DirectMap4k:       81712 kB
DirectMap2M:     1490944 kB
DirectMap1G:           0 kB
`,
      expect: { totalBytes: 1533939712, freeBytes: 1308860416, availableBytes: 1278070784, swapTotalBytes: 0, hugePages: { total: 0, sizeBytes: 2097152 } },
    },
    {
      from: 'recorded',
      where: 'Debian 12 with kernel 6.18',
      stdout: `==> /proc/meminfo <==
MemTotal:       24682416 kB
MemFree:        21498296 kB
MemAvailable:   23090016 kB
Buffers:            9972 kB
Cached:          1582456 kB
SwapCached:            0 kB
Active:           420228 kB
Inactive:        2292700 kB
Active(anon):       1576 kB
Inactive(anon):  1131560 kB
Active(file):     418652 kB
Inactive(file):  1161140 kB
Unevictable:       24004 kB
Mlocked:           21472 kB
SwapTotal:             0 kB
SwapFree:              0 kB
Zswap:                 0 kB
Zswapped:              0 kB
Dirty:              1168 kB
Writeback:             0 kB
AnonPages:       1144324 kB
Mapped:           155488 kB
Shmem:             12776 kB
KReclaimable:     318668 kB
Slab:             357968 kB
SReclaimable:     318668 kB
SUnreclaim:        39300 kB
KernelStack:        1792 kB
PageTables:         5056 kB
SecPageTables:         0 kB
NFS_Unstable:          0 kB
Bounce:                0 kB
WritebackTmp:          0 kB
CommitLimit:    12341208 kB
Committed_AS:    4837116 kB
VmallocTotal:   34359738367 kB
VmallocUsed:       14572 kB
VmallocChunk:          0 kB
Percpu:              688 kB
AnonHugePages:    983040 kB
ShmemHugePages:        0 kB
ShmemPmdMapped:        0 kB
FileHugePages:     71680 kB
FilePmdMapped:     67584 kB
Balloon:               0 kB
HugePages_Total:       0
HugePages_Free:        0
HugePages_Rsvd:        0
HugePages_Surp:        0
Hugepagesize:       2048 kB
Hugetlb:               0 kB
DirectMap4k:       30720 kB
DirectMap2M:     2066432 kB
DirectMap1G:    25165824 kB
`,
      expect: { totalBytes: 25274793984, anonBytes: 1171787776, slabUnreclaimableBytes: 40243200 },
    },
    {
      from: 'documented',
      where: 'proc_meminfo(5); a kernel before 3.14 has no MemAvailable',
      stdout: '==> /proc/meminfo <==\nMemTotal:        1024 kB\nMemFree:          512 kB\n',
      expect: 'unparsable',
    },
  ],
});
