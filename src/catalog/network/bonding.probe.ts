import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { absent } from '../../define/result.ts';
import { countIn, dumpedLines } from '../../lib/host-text.ts';

const schema = z.object({
  bonds: z.array(
    z.object({
      name: z.string(),
      mode: z.string(),
      up: z.boolean(),
      /** Only with 802.3ad: `slow` or `fast`. */
      lacpRate: z.string().optional(),
      ports: z.array(
        z.object({
          name: z.string(),
          up: z.boolean(),
          speed: z.string(),
          duplex: z.string(),
          /** Since the bond was made. */
          failures: z.number(),
          /** Only with 802.3ad: ports that agreed with the switch on one bundle have the same number. */
          aggregator: z.number().optional(),
        }),
      ),
    }),
  ),
});
type Bond = z.infer<typeof schema>['bonds'][number];

/** Key and value lines, first of the bond, then of each port: bond_info_seq_show() of the kernel. */
function parseBond(path: string, lines: readonly string[]): Bond {
  const bond: Bond = { name: path.slice(path.lastIndexOf('/') + 1), mode: '', up: false, ports: [] };
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon < 0) continue;
    const [key, value] = [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
    const port = bond.ports.at(-1);
    if (key === 'Slave Interface') bond.ports.push({ name: value, up: false, speed: '', duplex: '', failures: 0 });
    else if (key === 'Bonding Mode') bond.mode = value;
    else if (key === 'LACP rate') bond.lacpRate = value;
    else if (key === 'MII Status') (port ?? bond).up = value === 'up';
    else if (port !== undefined && key === 'Speed') port.speed = value;
    else if (port !== undefined && key === 'Duplex') port.duplex = value;
    else if (port !== undefined && key === 'Aggregator ID') port.aggregator = countIn(value);
    else if (port !== undefined && key === 'Link Failure Count') port.failures = countIn(value) ?? 0;
  }
  return bond;
}

export default defineProbe({
  id: 'bonding',
  title: 'Bonds and the state of their ports',
  subject: 'network',
  stage: 'early',
  sh: `[ -d /proc/net/bonding ] || absent 'no interfaces are bonded'
dump /proc/net/bonding/*`,
  schema,
  parse: (stdout) => {
    const bonds = [...dumpedLines(stdout)].map(([path, lines]) => parseBond(path, lines));
    return bonds.length === 0 ? absent('no interfaces are bonded') : { bonds };
  },
  examples: [
    {
      from: 'recorded',
      where: 'Debian 12, kernel 6.1',
      stdout: `==> /proc/net/bonding/bond0 <==
Ethernet Channel Bonding Driver: v6.1.0-50-amd64

Bonding Mode: fault-tolerance (active-backup)
Primary Slave: None
Currently Active Slave: d1
MII Status: up
MII Polling Interval (ms): 100
Up Delay (ms): 0
Down Delay (ms): 0
Peer Notification Delay (ms): 0

Slave Interface: d1
MII Status: up
Speed: Unknown
Duplex: Unknown
Link Failure Count: 0
Permanent HW addr: 7a:2c:39:9b:77:0c
Slave queue ID: 0
`,
      expect: {
        bonds: [
          { name: 'bond0', mode: 'fault-tolerance (active-backup)', up: true, ports: [{ name: 'd1', up: true, speed: 'Unknown', failures: 0 }] },
        ],
      },
    },
    {
      from: 'documented',
      where: 'kernel Documentation/networking/bonding: 802.3ad with a dead port',
      stdout: `==> /proc/net/bonding/bond1 <==
Ethernet Channel Bonding Driver: v6.8.12-4-pve
Bonding Mode: IEEE 802.3ad Dynamic link aggregation
MII Status: up
LACP rate: slow
Slave Interface: eno1
MII Status: up
Speed: 10000 Mbps
Duplex: full
Link Failure Count: 0
Slave Interface: eno2
MII Status: down
Speed: Unknown
Duplex: Unknown
Link Failure Count: 3
`,
      expect: { bonds: [{ lacpRate: 'slow', ports: [{ up: true, speed: '10000 Mbps' }, { name: 'eno2', up: false, failures: 3 }] }] },
    },
    {
      from: 'documented',
      where: 'bond_procfs.c of kernel 6.8: the switch does not speak LACP, so that each port is a bundle of its own',
      stdout: `==> /proc/net/bonding/bond0 <==
Bonding Mode: IEEE 802.3ad Dynamic link aggregation
MII Status: up
802.3ad info
LACP active: on
LACP rate: fast
Active Aggregator Info:
\tAggregator ID: 1
\tNumber of ports: 1
\tPartner Mac Address: 00:00:00:00:00:00
Slave Interface: eno1
MII Status: up
Link Failure Count: 0
Aggregator ID: 1
Slave Interface: eno2
MII Status: up
Link Failure Count: 0
Aggregator ID: 2
`,
      expect: { bonds: [{ lacpRate: 'fast', ports: [{ name: 'eno1', aggregator: 1 }, { name: 'eno2', up: true, aggregator: 2 }] }] },
    },
    { from: 'documented', where: 'module loaded, no bond', stdout: '', expect: absent('no interfaces are bonded') },
  ],
});
