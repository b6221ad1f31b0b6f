import { defineHypothesis } from '../../define/hypothesis.ts';
import { optional } from '../../define/source.ts';
import kernelLog from '../kernel/kernel-log.probe.ts';
import { logOf } from '../kernel/kernel-log.samples.ts';
import { countText } from '../kernel/number-text.ts';
import { agoText } from '../../lib/duration-text.ts';
import operatingSystem from '../kernel/os.probe.ts';
import { proxmoxHost } from '../kernel/os.samples.ts';
import addressConflicts, { type AddressConflicts } from './address-conflicts.probe.ts';
import findAddressRival from './find-address-rival.mitigation.ts';
import { daySeconds } from './recent.ts';

interface Log {
  readonly lines: readonly { readonly text: string; readonly secondsSinceBoot?: number | undefined }[];
}

const strangers = ({ answers }: AddressConflicts): AddressConflicts['answers'] => answers.filter(({ byRouter }) => !byRouter);

/** `IPv6: vmbr0: IPv6 duplicate address 2001:db8::10 used by 02:00:00:00:00:77 detected!` (net/ipv6/addrconf.c). */
const duplicate = /IPv6 duplicate address \S{2,45} (?:used by ([0-9a-f:]{17}) )?detected/;

/** Words of the last day about addresses in use elsewhere. That this host met itself, as over a bond that comes up, is none. */
function said(conflicts: AddressConflicts, log: Log | undefined, uptimeSeconds: number): { text: string; secondsAgo: number }[] {
  const own = new Set(conflicts.ownHardwareAddresses);
  const kernel = (log?.lines ?? []).flatMap(({ text, secondsSinceBoot }) => {
    const found = duplicate.exec(text.slice(0, 300));
    if (found === null || secondsSinceBoot === undefined || (found[1] !== undefined && own.has(found[1]))) return [];
    return [{ text: text.slice(0, 200), secondsAgo: Math.max(0, uptimeSeconds - secondsSinceBoot) }];
  });
  const services = conflicts.messages.flatMap(({ text, secondsAgo }) => (secondsAgo === undefined ? [] : [{ text, secondsAgo }]));
  return [...kernel, ...services].filter(({ secondsAgo }) => secondsAgo <= daySeconds).sort((a, b) => a.secondsAgo - b.secondsAgo);
}

/** A bridge gets packets that carry its own hardware address: a loop, or a second machine with the same one (net/bridge/br_fdb.c). */
const meetsItself = (log: Log | undefined, uptimeSeconds: number): string | undefined =>
  log?.lines.find(({ text, secondsSinceBoot }) => text.includes('with own address as source address') && secondsSinceBoot !== undefined && uptimeSeconds - secondsSinceBoot <= daySeconds)?.text;

const nobody: AddressConflicts = { ownHardwareAddresses: ['02:00:00:00:00:01'], refused: [], asked: [{ interface: 'vmbr0', address: '192.0.2.10' }], answers: [], messages: [] };
const rival = { interface: 'vmbr0', address: '192.0.2.10', hardwareAddress: '02:00:00:00:00:77', byRouter: false };
const unasked = { ...nobody, asked: [] };
const duplicateLine = (by: string) => logOf([863_000, `IPv6: vmbr0: IPv6 duplicate address 2001:db8::10 used by ${by} detected!`]);

export default defineHypothesis({
  id: 'duplicate-address',
  subject: 'network',
  proven: 'documentation',
  title: 'Another machine has an address of this host',
  about: `Two machines with the same address take turns: whoever answered last gets the packets, and connections to the other break off or hang. It comes with copied guests, restored backups,
fixed addresses within the range of a DHCP server, and an old host that was switched on again. With IPv6 the kernel notices and does not use the address at all.

To be sure by hand: \`arping -D -c 3 -I <interface> <own address>\` (package iputils-arping) must get no answer but those of this host; \`ip addr | grep dadfailed\`;
\`journalctl -b | grep -iE 'duplicate address|address conflict'\`.`,
  needs: { conflicts: addressConflicts, system: operatingSystem, log: optional(kernelLog) },
  prior: 1 / 400,
  explains: { 'network-errors': 0.4, 'target-missing': 0.3, 'backup-missed': 0.1, unreachable: 0.1, 'guest-slow': 0.05, 'storage-down': 0.1 },
  explainsAcross: ['storage-down'],
  evidence: [
    {
      outcome: ({ conflicts }) => {
        if (strangers(conflicts).length > 0) return 'rival';
        if (conflicts.asked.length === 0) return 'not asked';
        return conflicts.answers.length > 0 ? 'router' : 'nobody';
      },
      table: {
        rival: {
          ifCause: 0.7,
          otherwise: 0.0003,
          decisive: true,
          says: ({ conflicts }) => strangers(conflicts).slice(0, 4).map((one) => `Asked in the network of ${one.interface}, ${one.hardwareAddress} says that it has ${one.address}, an address of this host.`).join(' '),
        },
        router: { ifCause: 0.05, otherwise: 0.05, says: 'Only the router answers for an address of this host, as routers do that answer for others (proxy ARP).' },
        nobody: { ifCause: 0.25, otherwise: 0.95, says: ({ conflicts }) => `Nobody else answers for ${conflicts.asked.map(({ address }) => address).join(', ')}.` },
      },
      excerpt: ({ conflicts }) => conflicts.answers.slice(0, 4).map((one) => `${one.address} ${one.hardwareAddress}`).join('\n'),
      group: 'asked',
    },
    {
      when: ({ conflicts }) => conflicts.refused.length > 0,
      decisive: true,
      likelihood: { ifCause: 0.25, otherwise: 0.0008 },
      says: ({ conflicts }) => `The kernel does not use ${conflicts.refused.slice(0, 4).map((one) => `${one.address} on ${one.interface}`).join(', ')}, since another machine already has it (dadfailed).`,
      excerpt: ({ conflicts }) => conflicts.refused.map((one) => `${one.interface} ${one.address} dadfailed`).join('\n'),
      group: 'refused',
    },
    {
      when: ({ conflicts, log, system }) => said(conflicts, log, system.uptimeSeconds).length > 0,
      likelihood: { ifCause: 0.4, otherwise: 0.002 },
      says: ({ conflicts, log, system }) => {
        const words = said(conflicts, log, system.uptimeSeconds);
        return `${countText(words.length, 'message', 'messages')} of the last 24 hours ${words.length === 1 ? 'tells' : 'tell'} of an address that another machine has, the last ${agoText(words[0]?.secondsAgo ?? 0)} ago.`;
      },
      excerpt: ({ conflicts, log, system }) => said(conflicts, log, system.uptimeSeconds)[0]?.text ?? '',
      group: 'said',
    },
    {
      when: ({ log, system }) => meetsItself(log, system.uptimeSeconds) !== undefined,
      likelihood: { ifCause: 0.08, otherwise: 0.015 },
      says: 'A bridge of this host receives packets that carry its own hardware address: a loop, or a second machine with the same one.',
      excerpt: ({ log, system }) => meetsItself(log, system.uptimeSeconds) ?? '',
      group: 'loop',
    },
  ],
  ruledOut: [
    {
      when: ({ conflicts, log, system }) => conflicts.asked.length > 0 && conflicts.answers.length === 0 && conflicts.refused.length === 0 && said(conflicts, log, system.uptimeSeconds).length === 0,
      says: ({ conflicts }) => `asked in the network, nobody else answers for ${conflicts.asked.map(({ address }) => address).join(', ')}`,
    },
  ],
  broughtBy: ['network-settings', 'guest'],
  settledBy: 'the question to the network who else has its addresses: `arping -D` of iputils, as root',
  urgency: 'today',
  dataAtRisk: false,
  containment: ['Switch the other machine off, or take it off the network, once it is found.'],
  mitigations: [findAddressRival],
  references: ['RFC 5227', 'RFC 4862, 5.4', 'arping(8)', 'ip-address(8), dadfailed'],
  examples: {
    supporting: [
      { name: 'a copied guest has the address', given: { conflicts: { ...nobody, answers: [rival] }, system: proxmoxHost, log: logOf() }, symptoms: ['network-errors'], expect: 'identified' },
      { name: 'IPv6 says so, and the address is not used', given: { conflicts: { ...unasked, refused: [{ interface: 'vmbr0', address: '2001:db8::10' }] }, system: proxmoxHost, log: duplicateLine('02:00:00:00:00:77') }, symptoms: ['target-missing'], expect: 'identified' },
    ],
    refuting: [
      { name: 'nobody else answers', given: { conflicts: nobody, system: proxmoxHost, log: logOf() }, expect: 'ruled-out' },
      { name: 'a router that answers for all', given: { conflicts: { ...nobody, answers: [{ ...rival, byRouter: true }] }, system: proxmoxHost, log: logOf() }, symptoms: ['network-errors'], expect: 'not-a-cause' },
      { name: 'a bond that met itself while it came up', given: { conflicts: nobody, system: proxmoxHost, log: duplicateLine('02:00:00:00:00:01') }, expect: 'ruled-out' },
      { name: 'a loop in the network', given: { conflicts: unasked, system: proxmoxHost, log: logOf([863_000, 'vmbr0: received packet on eno1 with own address as source address (addr:02:00:00:00:00:01, vlan:0)']) }, symptoms: ['network-errors'], expect: 'not-a-cause' },
      { name: 'a conflict of last week', given: { conflicts: unasked, system: proxmoxHost, log: logOf([100_000, 'IPv6: vmbr0: IPv6 duplicate address 2001:db8::10 used by 02:00:00:00:00:77 detected!']) }, symptoms: ['network-errors'], expect: 'not-a-cause' },
      { name: 'the network was not asked', given: { conflicts: unasked, system: proxmoxHost, log: logOf() }, symptoms: [], expect: 'not-a-cause' },
    ],
  },
});
