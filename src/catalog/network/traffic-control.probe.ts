import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { countIn, words } from '../../lib/host-text.ts';

const schema = z.object({
  /** Queues that shape or disturb traffic, and those that dropped packets. */
  queues: z.array(
    z.object({
      interface: z.string(),
      /** `netem` delays and drops on purpose; `tbf`, `htb`, `hfsc` and `cake` limit a rate. */
      kind: z.string(),
      options: z.string(),
      sentPackets: z.number(),
      dropped: z.number(),
      overlimits: z.number(),
    }),
  ),
});
export type TrafficQueue = z.infer<typeof schema>['queues'][number];

/** `qdisc netem 8001: dev eth0 root … | Sent 726 bytes 9 pkt (dropped 2, overlimits 0 requeues 0)`, joined on the host. */
function parseLine(line: string): TrafficQueue | undefined {
  const bar = line.lastIndexOf(' | ');
  const head = words(line.slice(0, Math.max(0, bar)));
  const tail = words(line.slice(bar + 3).replaceAll(/[(),]/g, ' '));
  const device = head.indexOf('dev');
  const after = (word: string): number => countIn(tail[tail.indexOf(word) + 1]) ?? 0;
  const [mark, kind] = head;
  const name = head[device + 1];
  if (bar < 0 || mark !== 'qdisc' || kind === undefined || device < 0 || name === undefined) return undefined;
  return {
    interface: name,
    kind,
    options: head.slice(device + 2).filter((word) => word !== 'root').join(' '),
    sentPackets: countIn(tail[tail.indexOf('pkt') - 1]) ?? 0,
    dropped: after('dropped'),
    overlimits: after('overlimits'),
  };
}

/** The text form is taken, two lines of each queue: as JSON the queues of hundreds of guests would be large. */
export default defineProbe({
  id: 'traffic-control',
  title: 'Traffic shaping and queues that dropped packets',
  subject: 'network',
  family: 'network',
  sh: `need tc
tc -s qdisc show 2>/dev/null | awk '/^qdisc / { head = $0; next }
/^ Sent / { if (head ~ /^qdisc (netem|tbf|htb|hfsc|cake) / || $0 !~ /dropped 0,/) { print head " |" $0; if (++n > 300) exit } }'`,
  schema,
  parse: (stdout) => ({ queues: stdout.split('\n').flatMap((line) => parseLine(line) ?? []) }),
  examples: [
    {
      from: 'recorded',
      where: 'Debian 12, iproute2 6.1',
      stdout: `qdisc netem 8001: dev eno1p root refcnt 3 limit 1000 delay 20ms loss 10% | Sent 726 bytes 9 pkt (dropped 2, overlimits 0 requeues 0)${' '}
qdisc tbf 8002: dev br0 root refcnt 2 rate 1Mbit burst 4Kb lat 50ms  | Sent 414 bytes 5 pkt (dropped 0, overlimits 0 requeues 0)${' '}
`,
      expect: {
        queues: [
          { interface: 'eno1p', kind: 'netem', options: 'refcnt 3 limit 1000 delay 20ms loss 10%', sentPackets: 9, dropped: 2 },
          { interface: 'br0', kind: 'tbf', dropped: 0 },
        ],
      },
    },
    {
      from: 'recorded',
      where: 'Debian 13, iproute2 6.15: netem names its seed',
      stdout: `qdisc netem 8001: dev eno1p root refcnt 3 limit 1000 delay 20ms loss 10% seed 12979321993979335510 | Sent 836 bytes 10 pkt (dropped 0, overlimits 0 requeues 0)
`,
      expect: { queues: [{ kind: 'netem', sentPackets: 10 }] },
    },
    { from: 'recorded', where: 'Debian 12: no shaping, no drops', stdout: '', expect: { queues: [] } },
  ],
});
