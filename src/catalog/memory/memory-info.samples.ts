import type { ProbeExample } from '../../define/probe.ts';
import type { MemoryInfo } from './memory-info.probe.ts';

/** Answers of the memory-info fragment. */
export const memoryInfoSamples: readonly ProbeExample<MemoryInfo>[] = [
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
];
