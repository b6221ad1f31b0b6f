import { defineHypothesis } from '../../define/hypothesis.ts';
import { optional } from '../../define/source.ts';
import alignMtu from './align-mtu.mitigation.ts';
import gateway, { type Gateway } from './gateway.probe.ts';
import links, { type Link } from './links.probe.ts';
import { mtuGaps } from './mtu-chain.ts';
import { gatewayOf, linkOf } from './network.samples.ts';
import networkPaths from './network-paths.experiment.ts';

/** What became of packets of the interface's full size. */
function fullSizeFate(way: Gateway | undefined): 'pass' | 'vanish' | 'told' | 'not-known' {
  if (way?.fullSize === undefined || way.fullSize.sent < 3 || way.ping.sent - way.ping.received > 2) return 'not-known';
  if (way.fullSize.received > 0) return 'pass';
  return way.fullSize.refused === undefined ? 'vanish' : 'told';
}

function gapText(all: readonly Link[]): string {
  return mtuGaps(all)
    .slice(0, 3)
    .map(({ upper, lower }) => `${upper.name} sends up to ${upper.mtu} bytes, ${lower.name} below it passes ${lower.mtu}`)
    .join('; ');
}

export default defineHypothesis({
  id: 'mtu-mismatch',
  subject: 'network',
  proven: 'documentation',
  title: 'Large packets are lost because of different MTUs',
  about: `Somewhere on the way an interface, VLAN, tunnel or switch passes smaller packets than the sender uses. Small packets pass, so ping and login work, and everything large hangs: copying,
backups, migration, Ceph. VXLAN takes 50 bytes, a VLAN tag four; jumbo frames must be allowed at every station.
To be sure by hand: \`ping -M do -s <mtu minus 28> <peer>\` fails while \`ping <peer>\` works. A few routers drop large pings on purpose: so try a peer behind them as well.`,
  needs: { stack: links, gateway: optional(gateway) },
  prior: 1 / 200,
  explains: { 'network-errors': 0.75, 'backup-missed': 0.3, 'guest-slow': 0.2, 'target-missing': 0.2, 'storage-down': 0.2 },
  explainsAcross: ['storage-down'],
  evidence: [
    {
      outcome: ({ gateway: way }) => fullSizeFate(way),
      table: {
        vanish: {
          ifCause: 0.6,
          otherwise: 0.005,
          decisive: true,
          says: ({ gateway: way }) => `Packets of ${way?.mtu ?? 0} bytes from ${way?.interface ?? ''} to the gateway vanish without a word, small ones are answered.`,
        },
        told: {
          ifCause: 0.1,
          otherwise: 0.02,
          says: ({ gateway: way }) => `On the way to the gateway only ${way?.fullSize?.limitBytes ?? 'fewer'} bytes pass instead of ${way?.mtu ?? 0}; senders are told and adapt.`,
        },
        pass: { ifCause: 0.25, otherwise: 0.97, says: ({ gateway: way }) => `Packets of the full ${way?.mtu ?? 0} bytes reach the gateway.` },
      },
      excerpt: ({ gateway: way }) => `${way?.interface ?? ''} mtu ${way?.mtu ?? ''}: small ${way?.ping.received ?? ''}/${way?.ping.sent ?? ''}, full size ${way?.fullSize?.received ?? ''}/${way?.fullSize?.sent ?? ''}`,
    },
    {
      when: ({ stack }) => mtuGaps(stack.links).length > 0,
      likelihood: { ifCause: 0.6, otherwise: 0.01 },
      says: ({ stack }) => `${gapText(stack.links)}.`,
      saysNot: 'The interfaces of this host that are stacked on each other have fitting MTUs.',
      excerpt: ({ stack }) => gapText(stack.links),
    },
  ],
  tested: [
    {
      experiment: networkPaths,
      table: {
        'large packets do not pass': { ifCause: 0.75, otherwise: 0.002, decisive: true },
        'all paths are well': { ifCause: 0.2, otherwise: 0.95 },
      },
    },
  ],
  broughtBy: ['network-settings'],
  urgency: 'today',
  dataAtRisk: false,
  mitigations: [alignMtu],
  references: ['RFC 2923', 'kernel net/bridge/br_forward.c', 'ping(8), option -M'],
  examples: {
    supporting: [
      {
        name: 'to the gateway all passes, to a member of the cluster packets of 9000 bytes vanish',
        given: { stack: { links: [linkOf('eno1', { mtu: 9000 })] }, gateway: gatewayOf({}) },
        found: [{ experiment: networkPaths, findings: [{ object: 'host', outcome: 'large packets do not pass', says: 'The cluster member 192.0.2.12: 0 of 50 packets lost, packets of 9000 bytes vanish, of 1500 pass.' }] }],
        symptoms: ['network-errors', 'backup-missed'],
      },
      {
        name: 'a bridge for jumbo frames over a port that passes 1500 bytes',
        given: {
          stack: { links: [linkOf('vmbr0', { kind: 'bridge', mtu: 9000 }), linkOf('eno1', { master: 'vmbr0', mtu: 1500 })] },
          gateway: gatewayOf({ mtu: 9000, fullSize: { sent: 3, received: 0 } }),
        },
        symptoms: ['network-errors'],
        expect: 'identified',
      },
      {
        name: 'the switch does not pass what the host sends',
        given: { stack: { links: [linkOf('eno1', { mtu: 9000 })] }, gateway: gatewayOf({ mtu: 9000, fullSize: { sent: 3, received: 0 } }) },
        symptoms: ['network-errors'],
        expect: 'suspected',
      },
    ],
    refuting: [
      { name: 'all passes', given: { stack: { links: [linkOf('eno1', {})] }, gateway: gatewayOf({}) } },
      {
        name: 'taps with an MTU of their own, and a port that could do more than its bridge',
        given: {
          stack: {
            links: [
              linkOf('vmbr1', { kind: 'bridge', mtu: 1500 }),
              linkOf('eno2', { master: 'vmbr1', mtu: 9000 }),
              linkOf('tap101i0', { kind: 'tap', master: 'vmbr1', mtu: 1400 }),
            ],
          },
          gateway: gatewayOf({}),
        },
      },
      {
        name: 'a gateway that does not answer ping',
        given: { stack: { links: [linkOf('eno1', {})] }, gateway: gatewayOf({ ping: { sent: 10, received: 0 }, fullSize: undefined }) },
      },
      {
        name: 'a DSL router that tells of its smaller limit',
        given: { stack: { links: [linkOf('eno1', {})] }, gateway: gatewayOf({ fullSize: { sent: 3, received: 0, refused: 'on-the-way', limitBytes: 1492 } }) },
      },
      {
        name: 'a port without a cable',
        given: { stack: { links: [linkOf('vmbr0', { kind: 'bridge', mtu: 9000 }), linkOf('eno2', { master: 'vmbr0', mtu: 1500, operstate: 'down' })] } },
        symptoms: ['network-errors'],
      },
      {
        name: 'a port that is down',
        given: { stack: { links: [linkOf('vmbr0', { kind: 'bridge', mtu: 9000 }), linkOf('eno2', { master: 'vmbr0', mtu: 1500, up: false })] }, gateway: gatewayOf({}) },
      },
    ],
  },
});
