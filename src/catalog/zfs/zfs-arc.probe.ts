import { z } from 'zod';
import { defineCounterProbe } from '../../define/probe.ts';
import { absent, unparsable } from '../../define/result.ts';
import { namedKstat } from './kstat-text.ts';

/** /proc/spl/kstat/zfs/arcstats (module/zfs/arc.c); sizes in bytes, the rest are counts since the module was loaded. */
export default defineCounterProbe({
  id: 'zfs-arc',
  title: 'ZFS cache (ARC)',
  subject: 'zfs',
  sh: `[ -r /proc/spl/kstat/zfs/arcstats ] || absent 'ZFS is not loaded on this host'
while read -r name type data; do case $name in
size|c|c_min|c_max|hits|misses|memory_throttle_count|memory_direct_count|memory_indirect_count|dnode_size|arc_dnode_limit|metadata_size|arc_meta_used|arc_need_free|arc_no_grow|memory_available_bytes|arc_sys_free) echo "$name $type $data";;
esac; done < /proc/spl/kstat/zfs/arcstats`,
  maxBytes: 8192,
  schema: z.object({
    sizeBytes: z.number(),
    targetBytes: z.number(),
    minBytes: z.number(),
    maxBytes: z.number(),
    hits: z.number(),
    misses: z.number(),
    /** Allocations that had to wait since memory was short. */
    memoryThrottles: z.number(),
    dnodeBytes: z.number().optional(),
    dnodeLimitBytes: z.number().optional(),
    needFreeBytes: z.number().optional(),
    noGrow: z.boolean().optional(),
  }),
  parse: (stdout) => {
    const rows = namedKstat(stdout);
    const [sizeBytes, targetBytes, minBytes, maxBytes] = ['size', 'c', 'c_min', 'c_max'].map((name) => rows.get(name));
    if (sizeBytes === undefined || targetBytes === undefined || minBytes === undefined || maxBytes === undefined) return unparsable('no ARC sizes');
    const noGrow = rows.get('arc_no_grow');
    return {
      sizeBytes,
      targetBytes,
      minBytes,
      maxBytes,
      hits: rows.get('hits') ?? 0,
      misses: rows.get('misses') ?? 0,
      memoryThrottles: rows.get('memory_throttle_count') ?? 0,
      dnodeBytes: rows.get('dnode_size'),
      dnodeLimitBytes: rows.get('arc_dnode_limit'),
      needFreeBytes: rows.get('arc_need_free'),
      noGrow: noGrow === undefined ? undefined : noGrow !== 0,
    };
  },
  examples: [
    {
      from: 'recorded',
      where: 'Debian 12, ZFS 2.1.11',
      stdout: 'hits 4 41519\nmisses 4 221\nc 4 268435456\nc_min 4 48437760\nc_max 4 268435456\nsize 4 22391808\nmetadata_size 4 483328\ndnode_size 4 172304\narc_meta_used 4 1311744\narc_dnode_limit 4 20132659\nmemory_throttle_count 4 0\narc_need_free 4 0\narc_no_grow 4 0\n',
      expect: { sizeBytes: 22391808, targetBytes: 268435456, maxBytes: 268435456, minBytes: 48437760, dnodeLimitBytes: 20132659, noGrow: false },
    },
    {
      from: 'recorded',
      where: 'Debian 13, ZFS 2.3.9',
      stdout: 'hits                            4    1523\nmisses                          4    64\nc                               4    268435456\nc_min                           4    48056576\nc_max                           4    268435456\nsize                            4    21873952\n',
      expect: { sizeBytes: 21873952, hits: 1523 },
    },
    { from: 'documented', where: 'what the fragment prints without ZFS', stdout: 'ZFS is not loaded on this host\n', exitStatus: 120, expect: absent('') },
    { from: 'documented', where: 'a cut file', stdout: 'hits 4 1\n', expect: 'unparsable' },
  ],
});
