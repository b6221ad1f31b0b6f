import { defineHypothesis, type ObjectRef } from '../../define/hypothesis.ts';
import { absent } from '../../define/result.ts';
import { optional } from '../../define/source.ts';
import kernelLog from '../kernel/kernel-log.probe.ts';
import { logOf } from '../kernel/kernel-log.samples.ts';
import interfacesFile, { type InterfacesFile } from './interfaces-file.probe.ts';
import links, { type Link } from './links.probe.ts';
import { linkOf } from './network.samples.ts';
import pinInterfaceNames from './pin-interface-names.mitigation.ts';

interface Broken extends ObjectRef {
  readonly name: string;
  readonly missing: readonly string[];
  /** Nothing that leads out of the host is a port of it. */
  readonly cutOff: boolean;
}

/** `eno1.20` is made from `eno1` on demand, `eno1:1` is a label. */
const baseOf = (port: string): string => port.split(/[.:@]/)[0] ?? port;

/** Names that a network card bears: those of the kernel and of systemd (systemd.net-naming-scheme(7)), and the pinned ones of Proxmox VE. */
const isCardName = (name: string): boolean => /^(?:en|eth|nic|ib|ib[ops])[a-z0-9]{1,14}$/.test(name);

function brokenOnes(file: InterfacesFile, all: readonly Link[]): Broken[] {
  const known = new Set(all.map(({ name }) => name));
  const configured = new Set(file.interfaces.filter(({ kind }) => kind !== 'other').map(({ name }) => name));
  return file.interfaces.flatMap(({ name, auto, kind, ports }) => {
    const missing = ports.filter((port) => !known.has(port) && !known.has(baseOf(port)) && !configured.has(baseOf(port)) && isCardName(baseOf(port)));
    if (!auto || kind === 'other' || missing.length === 0) return [];
    const out = all.filter((link) => link.master === name && ['nic', 'virtual-function', 'bond', 'vlan', 'wlan', 'vxlan'].includes(link.kind));
    return [{ object: `nic/${name}`, name, missing, cutOff: out.length === 0 }];
  });
}

/** Network cards that the configuration does not mention and that are part of nothing. */
function strangers(file: InterfacesFile, all: readonly Link[]): Link[] {
  const mentioned = new Set(file.interfaces.flatMap(({ name, ports }) => [name, ...ports].map(baseOf)));
  return all.filter(({ name, kind, master, addressCount }) => kind === 'nic' && !mentioned.has(name) && master === undefined && addressCount === 0);
}

/** `igb 0000:01:00.0 enp1s0: renamed from eth0` (net/core/dev.c). */
function renamings(lines: readonly { readonly text: string }[], names: readonly string[]): string[] {
  return lines.map(({ text }) => text.slice(0, 200)).filter((text) => text.includes(': renamed from ') && names.some((name) => text.includes(` ${name}: renamed from `)));
}

/** `enp1s0f0` became `enp1s0f0np0`, or only the number of the bus moved: `enp5s0`, `enp6s0`. */
const isAlike = (one: string, other: string): boolean => one !== other && (one.startsWith(other) || other.startsWith(one) || one.replaceAll(/\d+/g, '0') === other.replaceAll(/\d+/g, '0'));

const file = (ports: readonly string[], more: Partial<InterfacesFile['interfaces'][number]> = {}): InterfacesFile => ({
  interfaces: [
    ...ports.map((name) => ({ name, auto: false, kind: 'other' as const, ports: [] })),
    { name: 'vmbr0', auto: true, kind: 'bridge', ports: [...ports], ...more },
  ],
});
const bridge = linkOf('vmbr0', { kind: 'bridge', index: 9, addressCount: 1, operstate: 'down' });
const guest = linkOf('tap100i0', { kind: 'tap', master: 'vmbr0' });
const renamedLine = logOf([3, 'bnxt_en 0000:01:00.0 enp1s0f0np0: renamed from eth0']);

export default defineHypothesis({
  id: 'interface-renamed',
  subject: 'network',
  proven: 'documentation',
  title: 'A network card has another name than the configuration expects',
  about: `The names of network cards follow from their place on the bus and from rules of kernel, systemd and firmware. After an update, or with a card more or less, a card may have a new name; the bridge
or bond that names the old one then comes up without it, and host and guests are cut off. A card that is gone looks the same from the configuration alone, but then no new card is there.

To be sure by hand: \`ip -br link\` beside \`grep -E 'bridge-ports|bond-slaves' /etc/network/interfaces\`, and \`journalctl -k -b | grep 'renamed from'\`. Proxmox VE pins names with
\`pve-network-interface-pinning\`.`,
  needs: { file: interfacesFile, stack: links, log: optional(kernelLog) },
  objects: ({ file: configuration, stack }): Broken[] => brokenOnes(configuration, stack.links),
  noObjects: 'all network cards that bridges and bonds are made of exist under their names',
  prior: 1 / 200,
  explains: { 'network-errors': 0.3, 'target-missing': 0.3, 'backup-missed': 0.2, 'redundancy-lost': 0.1, unreachable: 0.05, 'guest-slow': 0.05, 'storage-down': 0.1 },
  explainsAcross: ['storage-down'],
  evidence: [
    {
      outcome: ({ file: configuration, stack }, { cutOff }) => `${cutOff ? 'cut-off' : 'partly'}-${strangers(configuration, stack.links).length > 0 ? 'with-stranger' : 'alone'}`,
      table: {
        'cut-off-with-stranger': {
          ifCause: 0.7,
          otherwise: 0.0005,
          decisive: true,
          says: ({ file: configuration, stack }, { name, missing }) =>
            `${name} should consist of ${missing.join(', ')}, which does not exist, and has no other way out; ${strangers(configuration, stack.links).map((link) => link.name).join(', ')} exists and is not configured.`,
        },
        'partly-with-stranger': {
          ifCause: 0.2,
          otherwise: 0.01,
          says: ({ file: configuration, stack }, { name, missing }) =>
            `${name} should also have ${missing.join(', ')}, which does not exist; ${strangers(configuration, stack.links).map((link) => link.name).join(', ')} exists and is not configured.`,
        },
        'cut-off-alone': { ifCause: 0.03, otherwise: 0.02, says: (_, { name, missing }) => `${name} should consist of ${missing.join(', ')}, which does not exist, but no other network card is left over: it is gone rather than renamed.` },
        'partly-alone': { ifCause: 0.02, otherwise: 0.02, says: (_, { name, missing }) => `${name} should also have ${missing.join(', ')}, which does not exist, but no other network card is left over.` },
      },
      excerpt: (_, { name, missing }) => `${name}: ${missing.join(' ')}`,
    },
    {
      when: ({ file: configuration, stack }, { missing }) => strangers(configuration, stack.links).some((link) => missing.some((name) => isAlike(baseOf(name), link.name))),
      likelihood: { ifCause: 0.5, otherwise: 0.1 },
      says: 'The name that exists is much like the one that is missing.',
      group: 'names',
    },
    {
      when: ({ log, file: configuration, stack }) => renamings(log?.lines ?? [], strangers(configuration, stack.links).map(({ name }) => name)).length > 0,
      likelihood: { ifCause: 0.6, otherwise: 0.4 },
      says: 'The kernel gave it that name in this boot.',
      excerpt: ({ log, file: configuration, stack }) => renamings(log?.lines ?? [], strangers(configuration, stack.links).map(({ name }) => name))[0] ?? '',
      group: 'log',
    },
  ],
  broughtBy: ['kernel', 'network-card'],
  urgency: 'now',
  dataAtRisk: false,
  containment: ['Add the card to the bridge by hand until the configuration is right: `ip link set <new-name> master <bridge> up`.'],
  doNot: ['Do not reload the network over ssh without a console at hand.'],
  mitigations: [pinInterfaceNames],
  references: ['pve-docs pve-network.adoc, naming conventions', 'systemd.net-naming-scheme(7)', 'interfaces(5)'],
  examples: {
    supporting: [
      { name: 'a new kernel appends the name of the port', given: { file: file(['enp1s0f0']), stack: { links: [linkOf('enp1s0f0np0', {}), bridge, guest] }, log: renamedLine }, object: 'nic/vmbr0', symptoms: ['network-errors'], expect: 'identified' },
      { name: 'one more disk moved the numbers of the bus', given: { file: file(['enp5s0']), stack: { links: [linkOf('enp6s0', { up: false, operstate: 'down' }), bridge] }, log: logOf() }, symptoms: ['target-missing'] },
    ],
    refuting: [
      { name: 'all names exist', given: { file: file(['eno1']), stack: { links: [linkOf('eno1', { master: 'vmbr0' }), bridge] } }, expect: 'ruled-out' },
      { name: 'the card is dead: nothing is left over', given: { file: file(['eno1']), stack: { links: [bridge] }, log: logOf() }, symptoms: ['network-errors'], expect: 'not-a-cause' },
      { name: 'a card was taken out of a bond on purpose, and spare ports exist', given: { file: file(['eno1', 'eno3'], { kind: 'bond', name: 'bond0' }), stack: { links: [linkOf('eno1', { master: 'bond0' }), linkOf('eno2', {}), linkOf('bond0', { kind: 'bond' })] }, log: logOf() }, symptoms: [], expect: 'not-a-cause' },
      { name: 'a bridge that nobody brings up', given: { file: file(['enp9s0'], { auto: false }), stack: { links: [linkOf('eno1', {}), bridge] } }, expect: 'ruled-out' },
      { name: 'the configuration uses a second name of the card, which is in the bridge', given: { file: file(['enx020000000001']), stack: { links: [linkOf('eno1', { master: 'vmbr0' }), bridge] }, log: logOf() }, symptoms: ['target-missing'], expect: 'not-a-cause' },
      { name: 'ports that are made on demand, and a bridge on a VLAN', given: { file: { interfaces: [...file(['eno1.20']).interfaces, { name: 'vmbr5', auto: true, kind: 'bridge', ports: ['veth0', 'bond7.5'] }] }, stack: { links: [linkOf('eno1', {}), bridge] } }, expect: 'ruled-out' },
      { name: 'a host that is configured by other means', given: { file: absent('this host is not configured by /etc/network/interfaces'), stack: { links: [linkOf('eno1', {})] } }, expect: 'ruled-out' },
    ],
  },
});
