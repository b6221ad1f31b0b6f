import { z } from 'zod';
import { defineCounterProbe } from '../../define/probe.ts';
import { unparsable } from '../../define/result.ts';

const count = z.number().nonnegative().optional();

/** Counters of /proc/vmstat since boot; pages unless the name says otherwise. What a kernel does not have is left out. */
const schema = z.object({
  swappedInPages: z.number().nonnegative(),
  swappedOutPages: z.number().nonnegative(),
  majorFaults: z.number().nonnegative(),
  scannedByKswapdPages: count,
  scannedDirectPages: count,
  reclaimedByKswapdPages: count,
  reclaimedDirectPages: count,
  /** How often a program had to reclaim memory itself before it got some; all zones together. */
  allocationStalls: count,
  /** Processes killed for want of memory, on the host or in a control group (since Linux 4.13). */
  oomKills: count,
  compactionStalls: count,
  compactionFailures: count,
  compactionSuccesses: count,
  compactionScannedPages: count,
  hugePageFaults: count,
  hugePageFallbacks: count,
  refaultedAnonPages: count,
  refaultedFilePages: count,
  numaHintFaults: count,
  numaMigratedPages: count,
  numaForeignPages: count,
});
export type VmStat = z.infer<typeof schema>;

/** Keys of /proc/vmstat whose sum is each counter: their names differ between kernels and zones. */
const keys: Readonly<Record<keyof VmStat, readonly string[]>> = {
  swappedInPages: ['pswpin'],
  swappedOutPages: ['pswpout'],
  majorFaults: ['pgmajfault'],
  scannedByKswapdPages: ['pgscan_kswapd'],
  scannedDirectPages: ['pgscan_direct'],
  reclaimedByKswapdPages: ['pgsteal_kswapd'],
  reclaimedDirectPages: ['pgsteal_direct'],
  allocationStalls: ['allocstall', 'allocstall_dma', 'allocstall_dma32', 'allocstall_normal', 'allocstall_movable', 'allocstall_device'],
  oomKills: ['oom_kill'],
  compactionStalls: ['compact_stall'],
  compactionFailures: ['compact_fail'],
  compactionSuccesses: ['compact_success'],
  compactionScannedPages: ['compact_migrate_scanned'],
  hugePageFaults: ['thp_fault_alloc'],
  hugePageFallbacks: ['thp_fault_fallback'],
  refaultedAnonPages: ['workingset_refault_anon'],
  refaultedFilePages: ['workingset_refault_file', 'workingset_refault'],
  numaHintFaults: ['numa_hint_faults'],
  numaMigratedPages: ['numa_pages_migrated'],
  numaForeignPages: ['numa_foreign'],
};
const line = /^([a-z0-9_]{1,64}) (\d{1,20})$/;

function parse(stdout: string): VmStat | ReturnType<typeof unparsable> {
  const read = new Map<string, number>();
  for (const text of stdout.split('\n', 2000)) {
    const match = line.exec(text);
    if (match?.[1] !== undefined) read.set(match[1], Number(match[2]));
  }
  for (const key of ['pswpin', 'pswpout', 'pgmajfault']) {
    if (!read.has(key)) return unparsable(`/proc/vmstat has no line ${key}`);
  }
  return Object.fromEntries(
    Object.entries(keys).flatMap(([name, sources]) => {
      const present = sources.filter((key) => read.has(key));
      return present.length === 0 ? [] : [[name, present.reduce((sum, key) => sum + (read.get(key) ?? 0), 0)]];
    }),
  ) as VmStat;
}

export default defineCounterProbe({
  id: 'vm-stat',
  title: 'Counters of swapping, reclaim and out-of-memory kills',
  subject: 'memory',
  maxBytes: 16_384,
  sh: `grep -E '^(pswp(in|out)|pgmajfault|pg(scan|steal)_(kswapd|direct)|allocstall.*|oom_kill|compact_(stall|fail|success|migrate_scanned)|thp_fault_(alloc|fallback)|workingset_refault.*|numa_(hint_faults|pages_migrated|foreign)) ' /proc/vmstat`,
  schema,
  parse,
  examples: [
    {
      from: 'recorded',
      where: 'Debian 12, kernel 6.1',
      stdout: `numa_foreign 0
workingset_refault_anon 0
workingset_refault_file 0
pswpin 0
pswpout 0
allocstall_dma 0
allocstall_dma32 0
allocstall_normal 0
allocstall_movable 0
allocstall_device 0
pgmajfault 354
pgsteal_kswapd 0
pgsteal_direct 0
pgscan_kswapd 0
pgscan_direct 0
oom_kill 0
numa_hint_faults 0
numa_pages_migrated 0
compact_migrate_scanned 0
compact_stall 0
compact_fail 0
compact_success 0
thp_fault_alloc 1
thp_fault_fallback 0
`,
      expect: { swappedInPages: 0, majorFaults: 354, oomKills: 0, allocationStalls: 0 },
    },
    {
      from: 'recorded',
      where: 'Debian 12 with kernel 6.18',
      stdout: `numa_foreign 0
workingset_refault_anon 0
workingset_refault_file 667814
pswpin 0
pswpout 0
allocstall_dma 0
allocstall_dma32 0
allocstall_normal 0
allocstall_movable 0
allocstall_device 0
pgmajfault 5683
pgsteal_kswapd 0
pgsteal_direct 0
pgscan_kswapd 0
pgscan_direct 0
oom_kill 0
numa_hint_faults 0
numa_pages_migrated 0
compact_migrate_scanned 0
compact_stall 0
compact_fail 0
compact_success 0
thp_fault_alloc 551
thp_fault_fallback 0
`,
      expect: { swappedOutPages: 0, majorFaults: 5683, refaultedFilePages: 667814 },
    },
    {
      from: 'documented',
      where: 'Linux 4.15: one counter of allocation stalls for each zone, refaults of files and programs together',
      stdout: `allocstall_dma 0
allocstall_dma32 3
allocstall_normal 40
allocstall_movable 2
pswpin 512
pswpout 2048
pgmajfault 77
workingset_refault 900
oom_kill 1
`,
      expect: { allocationStalls: 45, swappedInPages: 512, swappedOutPages: 2048, refaultedFilePages: 900, oomKills: 1 },
    },
    { from: 'documented', where: 'an empty answer', stdout: '', expect: 'unparsable' },
  ],
});
