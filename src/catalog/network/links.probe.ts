import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { unparsable } from '../../define/result.ts';
import { countIn, hexadecimalIn, words } from '../../lib/host-text.ts';

const kinds = ['nic', 'virtual-function', 'bridge', 'bond', 'vlan', 'vxlan', 'tap', 'wlan', 'loopback', 'other'] as const;
const linkSchema = z.object({
  name: z.string(),
  index: z.number(),
  /** `nic`: it has a device behind it, real or emulated. `other`: veth and all that the kernel gives no type. */
  kind: z.enum(kinds),
  mtu: z.number(),
  /** Switched on by the administrator (IFF_UP). */
  up: z.boolean(),
  /** `up`, `down`, `lowerlayerdown`, `unknown`, … (kernel, Documentation/networking/operstates). */
  operstate: z.string(),
  /** The bridge or bond that it is a port of. */
  master: z.string().optional(),
  /** The interface that a VLAN lies on. */
  parent: z.string().optional(),
  /** IP addresses that are not link-local. */
  addressCount: z.number(),
});
export type Link = z.infer<typeof linkSchema>;
const schema = z.object({ links: z.array(linkSchema) });

interface RawLink {
  readonly link: Link;
  readonly peerIndex: number | undefined;
  readonly masterIndex: number | undefined;
}

function kindOf(name: string, deviceType: string, marks: string): Link['kind'] {
  if (name === 'lo') return 'loopback';
  if (marks.includes('f')) return 'virtual-function';
  if (deviceType === 'wlan') return 'wlan';
  if (marks.includes('d')) return 'nic';
  if (marks.includes('t')) return 'tap';
  for (const kind of ['bridge', 'bond', 'vlan', 'vxlan'] as const) if (deviceType === kind) return kind;
  return 'other';
}

/** `link NAME ifindex iflink master-ifindex flags operstate mtu DEVTYPE marks`, with `-` for what is not there. */
function parseLink(line: string, addresses: ReadonlyMap<string, number>): RawLink | undefined {
  const [, name, index, peer, master, flags, operstate, mtu, deviceType, marks] = words(line);
  const [indexNumber, mtuNumber, flagBits] = [countIn(index), countIn(mtu), hexadecimalIn(flags)];
  if (name === undefined || marks === undefined || operstate === undefined || deviceType === undefined) return undefined;
  if (indexNumber === undefined || mtuNumber === undefined || flagBits === undefined) return undefined;
  return {
    link: {
      name,
      index: indexNumber,
      kind: kindOf(name, deviceType, marks),
      mtu: mtuNumber,
      up: flagBits % 2 === 1,
      operstate,
      addressCount: addresses.get(name) ?? 0,
    },
    peerIndex: countIn(peer),
    masterIndex: countIn(master),
  };
}

function parse(stdout: string): z.infer<typeof schema> | ReturnType<typeof unparsable> {
  const lines = stdout.split('\n');
  const addresses = new Map<string, number>();
  for (const line of lines) {
    const [mark, name] = words(line);
    if (mark === 'address' && name !== undefined) addresses.set(name, (addresses.get(name) ?? 0) + 1);
  }
  const found = lines.filter((line) => line.startsWith('link ')).flatMap((line) => parseLink(line, addresses) ?? []);
  if (found.length === 0) return unparsable('no interface was understood');
  const names = new Map(found.map(({ link }) => [link.index, link.name]));
  return {
    links: found.map(({ link, peerIndex, masterIndex }) => {
      const master = names.get(masterIndex ?? -1);
      const parent = link.kind === 'vlan' ? names.get(peerIndex ?? -1) : undefined;
      return { ...link, ...(master === undefined ? {} : { master }), ...(parent === undefined ? {} : { parent }) };
    }),
  };
}

/** Reads /sys/class/net, the same on all kernels and cheap for hundreds of guests' taps; `ip` is asked for addresses alone. */
export default defineProbe({
  id: 'links',
  title: 'Network interfaces and how they are stacked',
  subject: 'network',
  family: 'network',
  sh: `count=0
for dir in /sys/class/net/*/; do
  name=\${dir#/sys/class/net/} name=\${name%/} index=- peer=- master=- flags=- state=- mtu=- type=- marks=-
  { read -r index < "\${dir}ifindex"; read -r peer < "\${dir}iflink"; read -r flags < "\${dir}flags"; } 2>/dev/null || continue
  { read -r state < "\${dir}operstate"; read -r mtu < "\${dir}mtu"; } 2>/dev/null
  [ -e "\${dir}master/ifindex" ] && read -r master < "\${dir}master/ifindex"
  while IFS='=' read -r key value; do [ "$key" = DEVTYPE ] && type=$value; done < "\${dir}uevent"
  [ -e "\${dir}device" ] && marks=\${marks}d
  [ -e "\${dir}device/physfn" ] && marks=\${marks}f
  [ -e "\${dir}tun_flags" ] && marks=\${marks}t
  echo "link $name $index $peer $master $flags $state $mtu $type $marks"
  count=$((count + 1)); [ "$count" -lt 1200 ] || break
done
have ip && ip -o addr show scope global 2>/dev/null | awk '{ print "address", $2, $3; if (++n > 500) exit }'
true`,
  schema,
  parse,
  examples: [
    {
      from: 'recorded',
      where: 'Debian 12, kernel 6.1, iproute2 6.1: a bridge that took the small MTU of a tap, a bond, a VLAN on a veth',
      stdout: `link bond0 7 7 - 0x1403 up 1500 bond -
link br0 4 4 - 0x1003 up 1400 bridge -
link d1 8 8 7 0x883 unknown 1500 - -
link eno1 3 2 4 0x1303 up 1500 - -
link eno1p.20 5 2 - 0x1003 up 1500 vlan -
link eno1p 2 3 - 0x1003 up 1500 - -
link lo 1 1 - 0x8 down 65536 - -
link tap100i0 6 6 4 0x1303 down 1400 - -t
address eno1p inet
address br0 inet
`,
      expect: {
        links: [
          { name: 'bond0', kind: 'bond' },
          { name: 'br0', kind: 'bridge', mtu: 1400, addressCount: 1, up: true, operstate: 'up' },
          { name: 'd1', kind: 'other', master: 'bond0' },
          { name: 'eno1', kind: 'other', master: 'br0', mtu: 1500 },
          { name: 'eno1p.20', kind: 'vlan', parent: 'eno1p' },
          { name: 'eno1p' },
          { name: 'lo', kind: 'loopback', up: false },
          { name: 'tap100i0', kind: 'tap', master: 'br0' },
        ],
      },
    },
    {
      from: 'recorded',
      where: 'Debian 12, kernel 6.18, busybox sh: a virtio NIC',
      stdout: `link eth0 4 4 - 0x1003 up 1400 - -d
link ifb0 2 2 - 0x82 down 1500 - -
link lo 1 1 - 0x9 unknown 65536 - -
address eth0 inet
address eth0 inet6
`,
      expect: { links: [{ name: 'eth0', kind: 'nic', up: true, addressCount: 2 }, { name: 'ifb0', up: false }, { kind: 'loopback' }] },
    },
    { from: 'documented', where: 'sysfs not mounted', stdout: '', expect: 'unparsable' },
  ],
});
