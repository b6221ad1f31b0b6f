import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { unparsable } from '../../define/result.ts';
import { countIn, numberIn, words } from '../../lib/host-text.ts';

const pingSchema = z.object({ sent: z.number(), received: z.number(), averageMs: z.number().optional() });
const schema = z.object({
  address: z.string(),
  interface: z.string(),
  /** MTU of that interface in bytes. */
  mtu: z.number(),
  ping: pingSchema,
  /** Packets as large as the interface may send, not to be cut up on the way. Left out where ping cannot do that or small ones had no answer. */
  fullSize: pingSchema
    .extend({
      /** `local`: this host itself knows of a smaller limit. `on-the-way`: a router said so. */
      refused: z.enum(['local', 'on-the-way']).optional(),
      /** The limit that was told. */
      limitBytes: z.number().optional(),
    })
    .optional(),
  /** State of the gateway's entry in the neighbour table afterwards: `FAILED` or `INCOMPLETE` means that it does not even answer ARP. */
  neighbour: z.string(),
});
export type Gateway = z.infer<typeof schema>;

/** The gateway is not there: it answers neither ping nor the question for its hardware address. */
export function isGone({ ping, neighbour }: Gateway): boolean {
  return ping.received === 0 && (neighbour === 'FAILED' || neighbour === 'INCOMPLETE');
}

/** The summary lines of ping: iputils "10 packets transmitted, 9 received", busybox "10 packets transmitted, 9 packets received". */
function parsePing(lines: readonly string[]): Gateway['ping'] | undefined {
  const counts = lines.map((line) => /^(\d{1,6}) packets transmitted, (\d{1,6}) (?:packets )?received/.exec(line)).find(Boolean);
  const times = lines.find((line) => line.startsWith('rtt ') || line.startsWith('round-trip '))?.split(' = ')[1];
  const [sent, received] = [countIn(counts?.[1]), countIn(counts?.[2])];
  const averageMs = numberIn(times?.split('/')[1]);
  if (sent === undefined || received === undefined) return undefined;
  return { sent, received, ...(averageMs === undefined ? {} : { averageMs }) };
}

function parseFullSize(lines: readonly string[]): Gateway['fullSize'] {
  const ping = parsePing(lines);
  const local = lines.find((line) => line.includes('essage too long'));
  const remote = lines.find((line) => line.includes('Frag needed') || line.includes('Packet too big'));
  const limit = countIn(/mtu ?= ?(\d{1,6})/.exec(local ?? remote ?? '')?.[1]);
  if (ping === undefined) return undefined;
  const refused = local === undefined ? (remote === undefined ? {} : { refused: 'on-the-way' as const }) : { refused: 'local' as const };
  return { ...ping, ...refused, ...(limit === undefined ? {} : { limitBytes: limit }) };
}

function part(stdout: string, from: string): string[] {
  const start = stdout.indexOf(`==> ${from} <==\n`);
  if (start < 0) return [];
  const rest = stdout.slice(start + from.length + 9);
  const end = rest.indexOf('==> ');
  return (end < 0 ? rest : rest.slice(0, end)).split('\n');
}

/** Ten small echo requests to the default gateway in two seconds, then three of the full size with "don't fragment" set (ping(8)). */
export default defineProbe({
  id: 'gateway',
  title: 'The default gateway, with small and with full-size packets',
  subject: 'network',
  family: 'network',
  timeoutMs: 8_000,
  maxBytes: 16_384,
  sh: `need ip
need ping
version=4 header=28
find_default() { ip "-$version" route show default 2>/dev/null | awk '{ for (i = 1; i < NF; i++) { if ($i == "via") g = $(i + 1); if ($i == "dev") d = $(i + 1) } if (g != "" && d != "") { print g, d; exit } }'; }
found=$(find_default)
[ -n "$found" ] || { version=6 header=48; found=$(find_default); }
[ -n "$found" ] || absent 'there is no default gateway'
address=\${found% *} interface=\${found#* } mtu=0
case $address in *[!0-9a-fA-F.:]*) absent 'the default gateway has no IP address' ;; esac
{ read -r mtu < "/sys/class/net/$interface/mtu"; } 2>/dev/null
target=$address
case $address in fe80:*) target=$address%$interface ;; esac
echo "gateway $address $interface $mtu"
echo '==> small <=='
ping -n -q -c 10 -i 0.2 -W 1 "$target" > "$TMP/gateway" 2>&1
cat "$TMP/gateway"
case $(ping -V 2>&1) in *iputils*)
  case $(cat "$TMP/gateway") in *' 0 received'*) : ;; *transmitted*)
    echo '==> full <=='
    [ "$mtu" -gt 1000 ] && ping -n -c 3 -i 0.2 -W 1 -M do -s $((mtu - header)) "$target" 2>&1 ;;
  esac ;;
esac
echo '==> neighbour <=='
ip neigh show "$address" dev "$interface" 2>/dev/null
true`,
  schema,
  parse: (stdout) => {
    const [mark, address, device, mtu] = words(stdout.split('\n')[0] ?? '');
    const ping = parsePing(part(stdout, 'small'));
    if (mark !== 'gateway' || address === undefined || device === undefined) return unparsable('no gateway in the answer');
    if (ping === undefined) return unparsable('ping gave no summary');
    const fullSize = parseFullSize(part(stdout, 'full'));
    const neighbour = words(part(stdout, 'neighbour')[0] ?? '').at(-1) ?? '';
    return { address, interface: device, mtu: countIn(mtu) ?? 0, ping, neighbour, ...(fullSize === undefined ? {} : { fullSize }) };
  },
  examples: [
    {
      from: 'recorded',
      where: 'Debian 12, iputils 20221126',
      stdout: `gateway 192.0.2.1 eth0 1400
==> small <==
PING 192.0.2.1 (192.0.2.1) 56(84) bytes of data.

--- 192.0.2.1 ping statistics ---
10 packets transmitted, 10 received, 0% packet loss, time 1837ms
rtt min/avg/max/mdev = 0.211/0.281/0.526/0.084 ms
==> full <==
PING 192.0.2.1 (192.0.2.1) 1372(1400) bytes of data.
1380 bytes from 192.0.2.1: icmp_seq=1 ttl=64 time=0.192 ms
1380 bytes from 192.0.2.1: icmp_seq=2 ttl=64 time=0.201 ms
1380 bytes from 192.0.2.1: icmp_seq=3 ttl=64 time=0.208 ms

--- 192.0.2.1 ping statistics ---
3 packets transmitted, 3 received, 0% packet loss, time 404ms
rtt min/avg/max/mdev = 0.192/0.200/0.208/0.006 ms
==> neighbour <==
192.0.2.1 dev eth0 lladdr 02:00:00:00:00:05 DELAY${' '}
`,
      expect: {
        address: '192.0.2.1',
        mtu: 1400,
        ping: { sent: 10, received: 10, averageMs: 0.281 },
        fullSize: { sent: 3, received: 3 },
        neighbour: 'DELAY',
      },
    },
    {
      from: 'recorded',
      where: 'Debian 12, iputils 20221126: a netem queue that loses packets',
      stdout: `gateway 192.0.2.1 v0 1500
==> small <==
PING 192.0.2.1 (192.0.2.1) 56(84) bytes of data.

--- 192.0.2.1 ping statistics ---
10 packets transmitted, 8 received, 20% packet loss, time 1834ms
rtt min/avg/max/mdev = 0.449/0.522/0.641/0.062 ms
==> full <==
3 packets transmitted, 3 received, 0% packet loss, time 403ms
==> neighbour <==
192.0.2.1 dev v0 lladdr 32:fc:7a:a1:bb:03 REACHABLE${' '}
`,
      expect: { ping: { received: 8, averageMs: 0.522 }, fullSize: { sent: 3, received: 3 }, neighbour: 'REACHABLE' },
    },
    {
      from: 'recorded',
      where: 'Debian 12, iputils 20221126: the gateway has left the network',
      stdout: `gateway 192.0.2.1 v0 9000
==> small <==
PING 192.0.2.1 (192.0.2.1) 56(84) bytes of data.

--- 192.0.2.1 ping statistics ---
10 packets transmitted, 0 received, 100% packet loss, time 1850ms

==> neighbour <==
192.0.2.1 dev v0 FAILED${' '}
`,
      expect: { mtu: 9000, ping: { received: 0 }, neighbour: 'FAILED' },
    },
    {
      from: 'documented',
      where: 'ping(8) of iputils: large packets vanish',
      stdout: `gateway 192.0.2.1 eth0 1500
==> small <==
10 packets transmitted, 10 received, 0% packet loss, time 1830ms
==> full <==
3 packets transmitted, 0 received, 100% packet loss, time 408ms
`,
      expect: { ping: { received: 10 }, fullSize: { sent: 3, received: 0 } },
    },
    {
      from: 'documented',
      where: 'ping(8) of iputils: a smaller limit is known here',
      stdout: `gateway 192.0.2.1 vmbr0 9000
==> small <==
10 packets transmitted, 10 received, 0% packet loss, time 1843ms
==> full <==
PING 192.0.2.1 (192.0.2.1) 8972(9000) bytes of data.
ping: local error: message too long, mtu=1500
3 packets transmitted, 0 received, +3 errors, 100% packet loss, time 410ms
`,
      expect: { fullSize: { received: 0, refused: 'local', limitBytes: 1500 }, neighbour: '' },
    },
    {
      from: 'documented',
      where: 'busybox 1.35 ping, which knows no -M; the gateway is gone',
      stdout: `gateway 192.0.2.1 eth0 1500
==> small <==
PING 192.0.2.1 (192.0.2.1): 56 data bytes

--- 192.0.2.1 ping statistics ---
10 packets transmitted, 0 packets received, 100% packet loss
==> neighbour <==
192.0.2.1 dev eth0  FAILED
`,
      expect: { ping: { sent: 10, received: 0 }, neighbour: 'FAILED' },
    },
    { from: 'documented', where: 'ping without the right to open a socket', stdout: 'gateway 192.0.2.1 eth0 1500\n==> small <==\nping: socket: Operation not permitted\n', expect: 'unparsable' },
  ],
});
