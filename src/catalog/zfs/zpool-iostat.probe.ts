import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { absent, unparsable } from '../../define/result.ts';

const vdevSchema = z.object({
  name: z.string(),
  readsPerSecond: z.number(),
  writesPerSecond: z.number(),
  readBytesPerSecond: z.number(),
  writtenBytesPerSecond: z.number(),
  /** Whole time of an I/O in ZFS's queues and on the disk; undefined where there was none in that second. */
  totalReadMs: z.number().optional(),
  totalWriteMs: z.number().optional(),
  /** The part spent on the disk. */
  diskReadMs: z.number().optional(),
  diskWriteMs: z.number().optional(),
  /** How long a discard waited for its turn; undefined where there was none in that second. */
  trimWaitMs: z.number().optional(),
});

function number(word: string | undefined): number | undefined {
  return word !== undefined && /^\d{1,19}$/.test(word) ? Number(word) : undefined;
}

function milliseconds(word: string | undefined): number | undefined {
  const nanoseconds = number(word);
  return nanoseconds === undefined ? undefined : nanoseconds / 1e6;
}

/** `zpool iostat -Hpvly 1 1`: one second of traffic and latency of every pool and vdev, tab-separated, times in ns (zpool-iostat(8)). */
export default defineProbe({
  id: 'zpool-iostat',
  title: 'Traffic and latency of ZFS pools and their devices',
  subject: 'zfs',
  family: 'zfs',
  timeoutMs: 6_000,
  sh: `[ -d /proc/spl/kstat/zfs ] || absent 'ZFS is not loaded on this host'
set -- /proc/spl/kstat/zfs/*/state
[ -e "$1" ] || absent 'no ZFS pool is imported'
need zpool
zpool iostat -Hpvly 1 1 | head -n 600`,
  maxBytes: 131_072,
  schema: z.object({ vdevs: z.array(vdevSchema) }),
  parse: (stdout) => {
    const vdevs: z.infer<typeof vdevSchema>[] = [];
    for (const line of stdout.split('\n')) {
      const [name, , , reads, writes, readBytes, writtenBytes, totalRead, totalWrite, diskRead, diskWrite, , , , , , trimWait] = line.split('\t');
      const [readsPerSecond, writesPerSecond, readBytesPerSecond, writtenBytesPerSecond] = [reads, writes, readBytes, writtenBytes].map(number);
      if (!name || readsPerSecond === undefined || writesPerSecond === undefined) continue;
      if (readBytesPerSecond === undefined || writtenBytesPerSecond === undefined) continue;
      vdevs.push({
        name,
        readsPerSecond,
        writesPerSecond,
        readBytesPerSecond,
        writtenBytesPerSecond,
        totalReadMs: milliseconds(totalRead),
        totalWriteMs: milliseconds(totalWrite),
        diskReadMs: milliseconds(diskRead),
        diskWriteMs: milliseconds(diskWrite),
        trimWaitMs: milliseconds(trimWait),
      });
    }
    if (vdevs.length > 0) return { vdevs };
    return stdout.includes('no pools available') ? absent('no ZFS pool is imported') : unparsable('no device in the answer');
  },
  examples: [
    {
      from: 'recorded',
      where: 'Debian 12, ZFS 2.1.11: 10 columns of latency, an idle second',
      stdout: 'tank\t21287424\t1991978496\t0\t0\t0\t0\t-\t-\t-\t-\t-\t-\t-\t-\t-\t-\nmirror-0\t21287424\t1991978496\t0\t0\t0\t0\t-\t-\t-\t-\t-\t-\t-\t-\t-\t-\n',
      expect: { vdevs: [{ name: 'tank', readsPerSecond: 0, totalReadMs: undefined }, { name: 'mirror-0' }] },
    },
    {
      from: 'documented',
      where: 'zpool-iostat(8) of 2.3: 11 columns of latency, a busy disk',
      stdout: 'vdb\t-\t-\t3\t120\t12288\t15728640\t2500000\t80000000\t2000000\t41000000\t-\t-\t-\t-\t-\t3000000\t-\n',
      expect: { vdevs: [{ name: 'vdb', writesPerSecond: 120, writtenBytesPerSecond: 15728640, totalReadMs: 2.5, totalWriteMs: 80, diskWriteMs: 41, trimWaitMs: 3 }] },
    },
    { from: 'documented', where: 'zpool without pools', stdout: 'no pools available\n', expect: absent('') },
    { from: 'documented', where: 'an error message', stdout: 'internal error\n', expect: 'unparsable' },
  ],
});
