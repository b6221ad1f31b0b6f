import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { unparsable } from '../../define/result.ts';
import { countIn, dumpedLines, words } from '../../lib/host-text.ts';

const schema = z.object({
  used: z.number(),
  tcp: z.object({ inUse: z.number(), orphaned: z.number(), timeWait: z.number(), memoryPages: z.number(), memoryLimitPages: z.number() }),
  udp: z.object({ inUse: z.number(), memoryPages: z.number() }),
});

/** The file that `ss -s` reads as well (proc(5)); it needs no tool. */
export default defineProbe({
  id: 'sockets',
  title: 'Sockets in use',
  subject: 'network',
  stage: 'early',
  sh: 'dump /proc/net/sockstat /proc/sys/net/ipv4/tcp_mem',
  schema,
  parse: (stdout) => {
    const files = dumpedLines(stdout);
    const values = new Map<string, number>();
    for (const line of files.get('/proc/net/sockstat') ?? []) {
      const [protocol, ...rest] = words(line);
      for (let index = 0; index + 1 < rest.length; index += 2) {
        const value = countIn(rest[index + 1]);
        if (value !== undefined) values.set(`${protocol}${rest[index]}`, value);
      }
    }
    const inUse = values.get('TCP:inuse');
    if (inUse === undefined) return unparsable('no TCP line in /proc/net/sockstat');
    const of = (name: string): number => values.get(name) ?? 0;
    return {
      used: of('sockets:used'),
      tcp: {
        inUse,
        orphaned: of('TCP:orphan'),
        timeWait: of('TCP:tw'),
        memoryPages: of('TCP:mem'),
        memoryLimitPages: countIn(words(files.get('/proc/sys/net/ipv4/tcp_mem')?.[0] ?? '')[2]) ?? 0,
      },
      udp: { inUse: of('UDP:inuse'), memoryPages: of('UDP:mem') },
    };
  },
  examples: [
    {
      from: 'recorded',
      where: 'Debian 12, kernel 6.18',
      stdout: `==> /proc/net/sockstat <==
sockets: used 21
TCP: inuse 4 orphan 0 tw 3 alloc 9 mem 1
UDP: inuse 2 mem 0
UDPLITE: inuse 0
RAW: inuse 0
FRAG: inuse 0 memory 0
==> /proc/sys/net/ipv4/tcp_mem <==
295935	394583	591870
`,
      expect: { used: 21, tcp: { inUse: 4, timeWait: 3, memoryLimitPages: 591870 } },
    },
    { from: 'documented', where: 'another file', stdout: '==> /proc/net/sockstat <==\nx\n', expect: 'unparsable' },
  ],
});
