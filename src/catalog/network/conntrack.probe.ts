import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { absent, unparsable } from '../../define/result.ts';
import { countIn, dumpedLines, hexadecimalIn, words } from '../../lib/host-text.ts';

const schema = z.object({
  connections: z.number(),
  maximum: z.number(),
  /** Since boot: packets dropped because no connection could be added. */
  dropped: z.number(),
  /** Since boot: connections thrown out early to make room. */
  earlyDropped: z.number(),
});

const folder = '/proc/sys/net/netfilter';
const statistics = '/proc/net/stat/nf_conntrack';

/** A header of names, then one line of hexadecimalIn numbers for each CPU (net/netfilter/nf_conntrack_standalone.c of the kernel). */
export function sumColumn(lines: readonly string[], name: string): number {
  const column = words(lines[0] ?? '').indexOf(name);
  return column < 0 ? 0 : lines.slice(1).reduce((total, line) => total + (hexadecimalIn(words(line)[column]) ?? 0), 0);
}

export default defineProbe({
  id: 'conntrack',
  title: 'Table of tracked connections',
  subject: 'network',
  stage: 'early',
  sh: `[ -r ${folder}/nf_conntrack_max ] || absent 'connections are not tracked on this host'
dump ${folder}/nf_conntrack_count ${folder}/nf_conntrack_max ${statistics}`,
  schema,
  parse: (stdout) => {
    const files = dumpedLines(stdout);
    const connections = countIn(files.get(`${folder}/nf_conntrack_count`)?.[0]);
    const maximum = countIn(files.get(`${folder}/nf_conntrack_max`)?.[0]);
    if (maximum === 0) return absent('connections are not tracked on this host');
    if (connections === undefined || maximum === undefined) return unparsable('no count and maximum of tracked connections');
    const lines = files.get(statistics) ?? [];
    return { connections, maximum, dropped: sumColumn(lines, 'drop'), earlyDropped: sumColumn(lines, 'early_drop') };
  },
  examples: [
    {
      from: 'documented',
      where: 'layout of kernel 6.18, with drops on one CPU',
      stdout: `==> /proc/sys/net/netfilter/nf_conntrack_count <==
0
==> /proc/sys/net/netfilter/nf_conntrack_max <==
262144
==> /proc/net/stat/nf_conntrack <==
entries  clashres found new invalid ignore delete chainlength insert insert_failed drop early_drop icmp_error  expect_new expect_create expect_delete search_restart
00000000  00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000  00000000 00000000 00000000 00000000
00000000  00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 0000001a 00000002 00000000  00000000 00000000 00000000 00000000
`,
      expect: { connections: 0, maximum: 262144, dropped: 26, earlyDropped: 2 },
    },
    {
      from: 'documented',
      where: 'kernel Documentation/networking/nf_conntrack-sysctl: no statistics file',
      stdout: '==> /proc/sys/net/netfilter/nf_conntrack_count <==\n65536\n==> /proc/sys/net/netfilter/nf_conntrack_max <==\n65536\n',
      expect: { connections: 65536, dropped: 0 },
    },
    { from: 'documented', where: 'an empty answer', stdout: '', expect: 'unparsable' },
  ],
});
