import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { absent } from '../../define/result.ts';
import { words } from '../../lib/host-text.ts';

const schema = z.object({
  /** Interfaces that have a stanza, in their order. */
  interfaces: z.array(
    z.object({
      name: z.string(),
      /** Brought up at boot. */
      auto: z.boolean(),
      /** `bridge` and `bond` where the file names what they consist of. */
      kind: z.enum(['bridge', 'bond', 'other']),
      /** Ports of a bridge or bond, by name. Patterns (`regex …`, `all`, `none`) are left out. */
      ports: z.array(z.string()),
    }),
  ),
});
export type InterfacesFile = z.infer<typeof schema>;
type Interface = InterfacesFile['interfaces'][number];

const isName = (word: string): boolean => /^[A-Za-z0-9][A-Za-z0-9_.:@-]{0,40}$/.test(word) && word !== 'none' && word !== 'all';

/** Names in a list of ports; those that stand for a pattern make the rest of the list unknown. */
function portsIn(list: readonly string[]): string[] {
  const pattern = list.findIndex((word) => word === 'regex' || word === 'glob');
  return (pattern < 0 ? list : list.slice(0, pattern)).filter(isName).slice(0, 64);
}

/** What ifupdown and ifupdown2 are told to build: names alone, no addresses and no keys (interfaces(5)). */
export default defineProbe({
  id: 'interfaces-file',
  title: 'Interfaces that the configuration names',
  subject: 'network',
  maxBytes: 65_536,
  sh: `set --
for file in /etc/network/interfaces /etc/network/interfaces.d/*; do [ -r "$file" ] && [ -f "$file" ] && set -- "$@" "$file"; done
[ $# -gt 0 ] || absent 'this host is not configured by /etc/network/interfaces'
awk '$1 ~ /^(auto|allow-[a-z]+|iface|bridge[-_]ports|bond[-_]slaves|slaves)$/ { print substr($0, 1, 500); if (++n > 800) exit }' "$@"`,
  schema,
  parse: (stdout) => {
    const automatic = new Set<string>();
    const found = new Map<string, Interface>();
    let current: Interface | undefined;
    for (const line of stdout.split('\n')) {
      const [key, ...rest] = words(line);
      if (key === 'auto' || key === 'allow-auto') for (const name of rest) automatic.add(name);
      else if (key === 'iface' && rest[0] !== undefined && isName(rest[0])) {
        current = found.get(rest[0]) ?? { name: rest[0], auto: false, kind: 'other', ports: [] };
        found.set(current.name, current);
      } else if (current !== undefined && key !== undefined && (/^bridge[-_]ports$/.test(key) || key === 'slaves' || /^bond[-_]slaves$/.test(key))) {
        current.kind = key.startsWith('bridge') ? 'bridge' : 'bond';
        current.ports = [...new Set([...current.ports, ...portsIn(rest)])];
      }
    }
    if (found.size === 0) return absent('/etc/network/interfaces configures no interface');
    return { interfaces: [...found.values()].slice(0, 400).map((one) => ({ ...one, auto: automatic.has(one.name) })) };
  },
  examples: [
    {
      from: 'documented',
      where: 'Proxmox VE, pve-network.adoc: a bond below a bridge that knows VLANs',
      stdout: `auto lo
iface lo inet loopback
iface eno1 inet manual
iface eno2 inet manual
auto bond0
iface bond0 inet manual
        bond-slaves eno1 eno2
auto vmbr0
iface vmbr0 inet static
        bridge-ports bond0
iface vmbr0 inet6 static
auto vmbr1
iface vmbr1 inet manual
        bridge-ports none
`,
      expect: {
        interfaces: [
          { name: 'lo', auto: true, kind: 'other' },
          { name: 'eno1', auto: false, ports: [] },
          { name: 'eno2' },
          { name: 'bond0', kind: 'bond', auto: true, ports: ['eno1', 'eno2'] },
          { name: 'vmbr0', kind: 'bridge', ports: ['bond0'] },
          { name: 'vmbr1', kind: 'bridge', ports: [] },
        ],
      },
    },
    {
      from: 'documented',
      where: 'bridge-utils-interfaces(5): underlines, and a pattern',
      stdout: 'allow-hotplug eth0\niface br0 inet dhcp\n  bridge_ports eth0 regex eth.*\n',
      expect: { interfaces: [{ name: 'br0', auto: false, kind: 'bridge', ports: ['eth0'] }] },
    },
    { from: 'recorded', where: 'Debian 12: the file has only its comment and a source line', stdout: '', expect: absent('configures no interface') },
  ],
});
