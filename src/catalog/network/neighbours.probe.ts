import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { unparsable } from '../../define/result.ts';
import { sumColumn } from './conntrack.probe.ts';
import { countIn, dumpedLines, hexadecimalIn, words } from '../../lib/host-text.ts';

const tableSchema = z.object({
  /** `arp` for IPv4, `ndp` for IPv6. */
  name: z.enum(['arp', 'ndp']),
  entries: z.number(),
  /** The hard maximum, gc_thresh3. */
  maximum: z.number(),
  /** Since boot: how often the table was full. */
  overflows: z.number(),
});
const schema = z.object({ tables: z.array(tableSchema) });

const tables = [
  { name: 'arp', statistics: '/proc/net/stat/arp_cache', maximum: '/proc/sys/net/ipv4/neigh/default/gc_thresh3' },
  { name: 'ndp', statistics: '/proc/net/stat/ndisc_cache', maximum: '/proc/sys/net/ipv6/neigh/default/gc_thresh3' },
] as const;

/** Every CPU's line repeats the number of entries of the whole table; `table_fulls` is to be summed (net/core/neighbour.c). */
export default defineProbe({
  id: 'neighbours',
  title: 'Tables of neighbours in the local network',
  subject: 'network',
  stage: 'early',
  sh: `dump ${tables.map(({ statistics, maximum }) => `${statistics} ${maximum}`).join(' ')}`,
  schema,
  parse: (stdout) => {
    const files = dumpedLines(stdout);
    const found = tables.flatMap(({ name, statistics, maximum }) => {
      const lines = files.get(statistics) ?? [];
      const entries = hexadecimalIn(words(lines[1] ?? '')[words(lines[0] ?? '').indexOf('entries')]);
      const limit = countIn(files.get(maximum)?.[0]);
      if (entries === undefined || limit === undefined) return [];
      return [{ name, entries, maximum: limit, overflows: sumColumn(lines, 'table_fulls') }];
    });
    return found.length === 0 ? unparsable('no neighbour table was understood') : { tables: found };
  },
  examples: [
    {
      from: 'documented',
      where: 'layout of kernel 6.18, with a table that was full',
      stdout: `==> /proc/net/stat/arp_cache <==
entries  allocs   destroys hash_grows lookups  hits     res_failed rcv_probes_mcast rcv_probes_ucast periodic_gc_runs forced_gc_runs unresolved_discards table_fulls
00000402 00000001 00000000 00000000   00000004 00000000 00000000   00000000         00000000         00000051         00000000       00000000            00000010
00000402 00000001 00000000 00000000   00000002 00000001 00000000   00000000         00000000         00000000         00000000       00000000            00000001
==> /proc/sys/net/ipv4/neigh/default/gc_thresh3 <==
1024
`,
      expect: { tables: [{ name: 'arp', entries: 1026, maximum: 1024, overflows: 17 }] },
    },
    {
      from: 'documented',
      where: 'kernel 4.x: no column table_fulls',
      stdout: `==> /proc/net/stat/ndisc_cache <==
entries  allocs destroys hash_grows  lookups hits  res_failed  rcv_probes_mcast rcv_probes_ucast  periodic_gc_runs forced_gc_runs unresolved_discards
00000003  00000007 00000004 00000000  00000000 00000000  00000000  00000000 00000000  00000fa0 00000000 00000000
==> /proc/sys/net/ipv6/neigh/default/gc_thresh3 <==
1024
`,
      expect: { tables: [{ name: 'ndp', entries: 3, overflows: 0 }] },
    },
    { from: 'documented', where: 'an empty answer', stdout: '', expect: 'unparsable' },
  ],
});
