import { z } from 'zod';
import { defineCounterProbe } from '../../define/probe.ts';
import { unparsable } from '../../define/result.ts';
import { countIn, dumpedLines, hexadecimalIn, words } from '../../lib/host-text.ts';

const schema = z.object({
  tcp: z.object({
    activeOpens: z.number(),
    attemptFails: z.number(),
    segmentsIn: z.number(),
    segmentsOut: z.number(),
    segmentsRetransmitted: z.number(),
    segmentsBad: z.number(),
    timeouts: z.number(),
    /** Connections that a full accept queue turned away. */
    listenDrops: z.number(),
    receivePruned: z.number(),
    receiveCollapsed: z.number(),
    memoryPressures: z.number(),
  }),
  udp: z.object({ datagramsIn: z.number(), receiveBufferErrors: z.number(), sendBufferErrors: z.number() }),
  ip: z.object({ inDiscards: z.number(), outNoRoutes: z.number(), reassemblyFails: z.number(), fragmentationFails: z.number() }),
  /** Sums over the CPUs of /proc/net/softnet_stat. */
  softnet: z.object({ processed: z.number(), dropped: z.number(), squeezed: z.number() }),
});
export type NetStats = z.infer<typeof schema>;

/** Pairs of lines `Tcp: name name …` and `Tcp: 1 2 …`: net/ipv4/proc.c of the kernel. */
function counters(lines: readonly string[], into: Map<string, number>): void {
  for (let index = 0; index + 1 < lines.length; index += 2) {
    const names = words(lines[index] ?? '');
    const values = words(lines[index + 1] ?? '');
    if (names[0] !== values[0]) continue;
    names.forEach((name, at) => {
      const value = countIn(values[at]);
      if (value !== undefined) into.set(`${names[0]}${name}`, value);
    });
  }
}

/** Hexadecimal columns: processed, dropped, time_squeeze (net/core/net-procfs.c of the kernel). */
function softnet(lines: readonly string[]): NetStats['softnet'] {
  const sum = (column: number): number => lines.reduce((total, line) => total + (hexadecimalIn(words(line)[column]) ?? 0), 0);
  return { processed: sum(0), dropped: sum(1), squeezed: sum(2) };
}

export default defineCounterProbe({
  id: 'net-stats',
  title: 'TCP, UDP and IP counters',
  subject: 'network',
  sh: 'dump /proc/net/snmp /proc/net/netstat /proc/net/softnet_stat',
  schema,
  parse: (stdout) => {
    const files = dumpedLines(stdout);
    const found = new Map<string, number>();
    counters(files.get('/proc/net/snmp') ?? [], found);
    counters(files.get('/proc/net/netstat') ?? [], found);
    if (!found.has('Tcp:OutSegs')) return unparsable('no TCP counters in /proc/net/snmp');
    const of = (name: string): number => found.get(name) ?? 0;
    return {
      tcp: {
        activeOpens: of('Tcp:ActiveOpens'),
        attemptFails: of('Tcp:AttemptFails'),
        segmentsIn: of('Tcp:InSegs'),
        segmentsOut: of('Tcp:OutSegs'),
        segmentsRetransmitted: of('Tcp:RetransSegs'),
        segmentsBad: of('Tcp:InErrs'),
        timeouts: of('TcpExt:TCPTimeouts'),
        listenDrops: of('TcpExt:ListenDrops'),
        receivePruned: of('TcpExt:RcvPruned'),
        receiveCollapsed: of('TcpExt:TCPRcvCollapsed'),
        memoryPressures: of('TcpExt:TCPMemoryPressures'),
      },
      udp: { datagramsIn: of('Udp:InDatagrams'), receiveBufferErrors: of('Udp:RcvbufErrors'), sendBufferErrors: of('Udp:SndbufErrors') },
      ip: {
        inDiscards: of('Ip:InDiscards'),
        outNoRoutes: of('Ip:OutNoRoutes'),
        reassemblyFails: of('Ip:ReasmFails'),
        fragmentationFails: of('Ip:FragFails'),
      },
      softnet: softnet(files.get('/proc/net/softnet_stat') ?? []),
    };
  },
  examples: [
    {
      from: 'recorded',
      where: 'Debian 13, kernel 6.12, shortened',
      stdout: `==> /proc/net/snmp <==
Ip: Forwarding DefaultTTL InReceives InHdrErrors InAddrErrors ForwDatagrams InUnknownProtos InDiscards InDelivers OutRequests OutDiscards OutNoRoutes ReasmTimeout ReasmReqds ReasmOKs ReasmFails FragOKs FragFails FragCreates OutTransmits
Ip: 2 64 208 0 1 0 0 0 207 190 0 0 0 0 0 0 0 0 0 190
Tcp: RtoAlgorithm RtoMin RtoMax MaxConn ActiveOpens PassiveOpens AttemptFails EstabResets CurrEstab InSegs OutSegs RetransSegs InErrs OutRsts InCsumErrors
Tcp: 1 200 120000 -1 0 5 0 0 1 205 197 0 0 41 0
Udp: InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors SndbufErrors InCsumErrors IgnoredMulti MemErrors
Udp: 0 0 0 0 0 0 0 2 0
==> /proc/net/netstat <==
TcpExt: SyncookiesSent PruneCalled RcvPruned ListenOverflows ListenDrops TCPTimeouts TCPRcvCollapsed
TcpExt: 0 0 0 0 0 3 0
==> /proc/net/softnet_stat <==
00000000 00000000 00000002 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000
000000d9 00000000 0000000a 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000001 00000000 00000000
`,
      expect: {
        tcp: { segmentsIn: 205, segmentsOut: 197, segmentsRetransmitted: 0, timeouts: 3 },
        softnet: { processed: 217, dropped: 0, squeezed: 12 },
      },
    },
    {
      from: 'documented',
      where: 'kernel Documentation/networking/snmp_counter: names in another order, no netstat file',
      stdout: '==> /proc/net/snmp <==\nTcp: OutSegs RetransSegs\nTcp: 1000 25\n',
      expect: { tcp: { segmentsOut: 1000, segmentsRetransmitted: 25, timeouts: 0 }, softnet: { dropped: 0 } },
    },
    { from: 'documented', where: 'nothing readable', stdout: '', expect: 'unparsable' },
  ],
});
