import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { absent, unparsable } from '../../define/result.ts';

const tableSchema = z.object({
  pool: z.string(),
  entries: z.number(),
  /** Of one entry, in memory. */
  entryBytes: z.number(),
});

function bytesOf(text: string): number | undefined {
  const match = /^(\d{1,18}(?:\.\d{1,6})?)([KMGTPE]?)B?$/.exec(text);
  return match ? Number(match[1]) * 1024 ** ' KMGTPE'.indexOf(match[2] || ' ') : undefined;
}

/**
 * Size of the deduplication tables: the line `dedup: DDT entries N, size X on disk, Y in core` of `zpool status -D`. Sizes are of one
 * entry up to ZFS 2.2 and of the whole table from 2.3 on; what is larger than 64 KiB cannot be one entry.
 */
export default defineProbe({
  id: 'zfs-dedup-tables',
  title: 'Deduplication tables of ZFS pools',
  subject: 'zfs',
  family: 'zfs',
  timeoutMs: 5_000,
  sh: `[ -d /proc/spl/kstat/zfs ] || absent 'ZFS is not loaded on this host'
set -- /proc/spl/kstat/zfs/*/state
[ -e "$1" ] || absent 'no ZFS pool is imported'
need zpool
zpool status -D | grep -E '^ +(pool|dedup):'`,
  maxBytes: 16_384,
  schema: z.object({ tables: z.array(tableSchema) }),
  parse: (stdout) => {
    const tables: z.infer<typeof tableSchema>[] = [];
    let pool: string | undefined;
    for (const line of stdout.split('\n')) {
      const named = /^ {0,8}pool: (\S{1,255})$/.exec(line);
      if (named) pool = named[1];
      const table = /^ {0,8}dedup: DDT entries (\d{1,15}), size (\S{1,24}) on disk, (\S{1,24}) in core/.exec(line);
      const inCore = table && bytesOf(table[3]!);
      if (!pool || !table || inCore === undefined || inCore === null) continue;
      const entries = Number(table[1]);
      tables.push({ pool, entries, entryBytes: inCore > 65_536 && entries > 0 ? inCore / entries : inCore });
    }
    return pool === undefined ? unparsable('no pool in the answer') : { tables };
  },
  examples: [
    { from: 'recorded', where: 'Debian 12, ZFS 2.1.11, no deduplication', stdout: '  pool: tank\n', expect: { tables: [] } },
    {
      from: 'documented',
      where: 'cmd/zpool/zpool_main.c, 2.1: sizes of one entry',
      stdout: '  pool: tank\n dedup: DDT entries 1500000, size 448B on disk, 313B in core\n',
      expect: { tables: [{ pool: 'tank', entries: 1500000, entryBytes: 313 }] },
    },
    {
      from: 'documented',
      where: 'cmd/zpool/zpool_main.c, 2.3: sizes of the whole table',
      stdout: '  pool: tank\n dedup: DDT entries 1024000, size 448M on disk, 320M in core (100.0%)\n',
      expect: { tables: [{ entries: 1024000, entryBytes: 327.68 }] },
    },
    { from: 'documented', where: 'what the fragment prints without ZFS', stdout: 'ZFS is not loaded on this host\n', exitStatus: 120, expect: absent('') },
    { from: 'documented', where: 'something else', stdout: 'cannot open\n', expect: 'unparsable' },
  ],
});
