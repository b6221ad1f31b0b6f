import { defineHypothesis } from '../../define/hypothesis.ts';
import { optional } from '../../define/source.ts';
import findLossyLink from './find-lossy-link.mitigation.ts';
import gateway from './gateway.probe.ts';
import { damaged, gatewayLoses, lossText, lossy, manyPercent, repeatedMuchBefore, repeatsMuch, tcpRepeats, unclearPercent } from './loss-signs.ts';
import nearConnections from './near-connections.probe.ts';
import { muchNearLossPercent, nearLossPercent } from './near-loss.ts';
import networkActivity from './network-activity.fact.ts';
import { activityOf, gatewayOf, tcpOf } from './network.samples.ts';
import replaceCableOrPort from './replace-cable-or-port.mitigation.ts';
import tcpQuality from './tcp-quality.fact.ts';
import trafficControl from './traffic-control.probe.ts';
import networkPaths from './network-paths.experiment.ts';

const undamaged = { activity: { interfaces: [activityOf('eno1', {})], intervalSeconds: 4 }, queues: { queues: [] } };

export default defineHypothesis({
  id: 'packet-loss',
  subject: 'network',
  proven: 'documentation',
  title: 'The network loses packets on the way',
  about: `A share of packets never arrives. TCP repeats them, so nothing breaks, but transfers crawl, ssh stutters, backups time out and monitoring misses its targets. Cables, transceivers,
an overloaded switch port, or a \`netem\` queue that somebody left behind are the usual reasons. A gateway may answer ping sparingly on purpose: so lost pings count only together with
repeated TCP segments or damaged packets.
To be sure by hand: \`mtr -n -c 100 <gateway>\`, \`ethtool -S <nic> | grep -iE 'err|crc'\` twice, \`tc qdisc show | grep netem\`.`,
  needs: { gateway: optional(gateway), tcp: optional(tcpQuality), near: optional(nearConnections), activity: networkActivity, queues: optional(trafficControl) },
  prior: 1 / 100,
  explains: { 'network-errors': 0.95, 'target-missing': 0.4, 'backup-missed': 0.2, 'guest-slow': 0.2, 'unreachable': 0.1, 'storage-down': 0.1 },
  explainsAcross: ['storage-down'],
  evidence: [
    {
      outcome: ({ gateway: way, tcp, near }) => {
        if (way === undefined && tcp?.retransmittedPercent === undefined) return 'not-known';
        if (gatewayLoses(way)) return repeatsMuch(tcp, near) ? 'both' : repeatedMuchBefore(tcp, near) ? 'gateway, and TCP before' : 'gateway';
        if (tcpRepeats(tcp, manyPercent)) return 'tcp';
        return tcpRepeats(tcp, unclearPercent) ? 'unclear' : 'none';
      },
      table: {
        both: { ifCause: 0.55, otherwise: 0.0008, decisive: true, says: (facts) => `Two independent measures agree: ${lossText(facts)}.` },
        'gateway, and TCP before': { ifCause: 0.2, otherwise: 0.003, says: (facts) => `${lossText(facts)}; hardly anything was sent meanwhile.` },
        gateway: { ifCause: 0.2, otherwise: 0.02, says: (facts) => `${lossText(facts)}.` },
        tcp: { ifCause: 0.2, otherwise: 0.03, says: (facts) => `${lossText(facts)}.` },
        none: { ifCause: 0.05, otherwise: 0.95, says: (facts) => `Packets arrive: ${lossText(facts)}.` },
      },
      excerpt: (facts) => lossText(facts),
    },
    {
      outcome: ({ near, tcp }) => {
        const percent = nearLossPercent(near, tcp);
        if (percent === undefined) return 'not-known';
        return percent >= muchNearLossPercent ? 'much' : percent >= 0.5 ? 'some' : 'none';
      },
      table: {
        much: { ifCause: 0.5, otherwise: 0.003, decisive: true, says: ({ near, tcp }) => `${(nearLossPercent(near, tcp) ?? 0).toFixed(1)} % of the segments to machines near by (less than 5 ms away) had to be sent again, and it goes on.` },
        some: { ifCause: 0.2, otherwise: 0.05, says: ({ near, tcp }) => `${(nearLossPercent(near, tcp) ?? 0).toFixed(1)} % of the segments to machines near by had to be sent again.` },
        none: { ifCause: 0.2, otherwise: 0.9, says: 'Hardly anything had to be sent again to machines near by.' },
      },
      group: 'near',
    },
    {
      when: ({ activity }) => damaged(activity.interfaces) !== undefined,
      decisive: true,
      likelihood: { ifCause: 0.4, otherwise: 0.001 },
      says: ({ activity }) => {
        const { name, receive } = damaged(activity.interfaces) ?? activityOf('', {});
        return `${name} receives ${receive.errorsPerSecond.toFixed(1)} damaged packets per second (${receive.errorPercent.toFixed(2)} %).`;
      },
      saysNot: 'No network card counts damaged packets.',
    },
    {
      when: ({ queues }) => lossy(queues?.queues ?? []) !== undefined,
      decisive: true,
      likelihood: { ifCause: 0.2, otherwise: 0.0002 },
      says: ({ queues }) => {
        const queue = lossy(queues?.queues ?? []);
        return `A netem queue on ${queue?.interface ?? ''} drops packets on purpose (${queue?.dropped ?? 0} so far): it is for tests.`;
      },
      excerpt: ({ queues }) => {
        const queue = lossy(queues?.queues ?? []);
        return queue === undefined ? '' : `qdisc netem dev ${queue.interface} ${queue.options}`;
      },
    },
  ],
  tested: [
    {
      experiment: networkPaths,
      table: {
        'packets are lost': { ifCause: 0.65, otherwise: 0.004, decisive: true },
        'only pings to a router are lost': { ifCause: 0.2, otherwise: 0.12 },
        'large packets do not pass': { ifCause: 0.01, otherwise: 0.01 },
        'a storage server does not answer': { ifCause: 0.01, otherwise: 0.01 },
        'names are slow': { ifCause: 0.02, otherwise: 0.01 },
        'all paths are well': { ifCause: 0.1, otherwise: 0.94 },
      },
    },
  ],
  urgency: 'today',
  dataAtRisk: false,
  mitigations: [findLossyLink, replaceCableOrPort],
  references: ['RFC 4022, tcpRetransSegs', 'kernel Documentation/networking/statistics', 'tc-netem(8)'],
  examples: {
    supporting: [
      {
        name: 'four pings of forty to two machines are lost; nothing else shows it',
        given: { gateway: gatewayOf({ ping: { sent: 10, received: 9 } }), tcp: tcpOf({ retransmittedPercent: 2.4, segmentsRetransmitted: 60 }), ...undamaged },
        found: [{ experiment: networkPaths, findings: [{ object: 'host', outcome: 'packets are lost', says: 'The gateway 192.0.2.1: 6 of 50 packets lost (95 % between 5.6 % and 24 %); the storage server 192.0.2.20: 4 of 50 packets lost.' }] }],
        symptoms: ['network-errors'],
      },
      {
        name: 'pings are lost and TCP repeats',
        given: {
          gateway: gatewayOf({ ping: { sent: 10, received: 7 } }),
          tcp: tcpOf({ retransmittedPercent: 6.1, segmentsRetransmitted: 300 }), ...undamaged,
        },
        symptoms: ['network-errors'],
        expect: 'identified',
      },
      {
        name: 'a copy to a neighbour of which four per cent are lost; no ping happened to be',
        given: {
          gateway: gatewayOf({}),
          tcp: tcpOf({ segmentsSent: 1_850, segmentsRetransmitted: 76, retransmittedPercent: 3.95 }),
          near: { connections: [{ leastRoundTripMs: 0.1, segments: 18_500, repeated: 760 }] }, ...undamaged,
        },
        symptoms: ['network-errors'],
      },
      {
        name: 'most pings are lost, and TCP gets so little through that few segments are sent at all',
        given: {
          gateway: gatewayOf({ ping: { sent: 10, received: 4 } }),
          tcp: tcpOf({ segmentsSent: 12, segmentsRetransmitted: 5, retransmittedPercent: undefined }), ...undamaged,
        },
        symptoms: ['network-errors'],
        expect: 'identified',
      },
      {
        name: 'half of the pings are lost; connections are so slow that hardly a segment falls into the window',
        given: {
          gateway: gatewayOf({ ping: { sent: 10, received: 5 } }),
          tcp: tcpOf({ segmentsSent: 14, segmentsRetransmitted: 1, retransmittedPercent: undefined }),
          near: { connections: [{ leastRoundTripMs: 0.3, segments: 90, repeated: 19 }, { leastRoundTripMs: 0.4, segments: 40, repeated: 6 }] }, ...undamaged,
        },
        symptoms: ['network-errors'],
        expect: 'identified',
      },
      {
        name: 'half of the pings are lost, connections to neighbours repeated a tenth, and nothing at all was sent within the window',
        given: {
          gateway: gatewayOf({ ping: { sent: 10, received: 5 } }),
          tcp: tcpOf({ segmentsSent: 0, segmentsRetransmitted: 0, retransmittedPercent: undefined }),
          near: { connections: [{ leastRoundTripMs: 0.05, segments: 582, repeated: 69 }, { leastRoundTripMs: 0.2, segments: 123, repeated: 0 }] }, ...undamaged,
        },
        symptoms: ['network-errors'],
      },
      {
        name: 'damaged packets at the card',
        given: { tcp: tcpOf({ retransmittedPercent: 3, segmentsRetransmitted: 90 }), activity: { interfaces: [activityOf('eno1', { errorsPerSecond: 20, errorPercent: 0.6 })], intervalSeconds: 4 } },
        symptoms: ['network-errors'],
        expect: 'identified',
      },
      {
        name: 'a netem queue was left behind',
        given: {
          gateway: gatewayOf({ ping: { sent: 10, received: 8 } }),
          activity: { interfaces: [activityOf('eth0', {})], intervalSeconds: 4 },
          queues: { queues: [{ interface: 'eth0', kind: 'netem', options: 'limit 1000 loss 10%', sentPackets: 900, dropped: 97, overlimits: 0 }] },
        },
        symptoms: ['network-errors'],
        expect: 'identified',
      },
    ],
    refuting: [
      {
        name: 'a router that answers ping sparingly; a connection repeated much last night, and nothing of what is sent now',
        given: {
          gateway: gatewayOf({ ping: { sent: 10, received: 5 } }),
          tcp: tcpOf({ segmentsSent: 900, segmentsRetransmitted: 0, retransmittedPercent: 0 }),
          near: { connections: [{ leastRoundTripMs: 0.3, segments: 700, repeated: 69 }] }, ...undamaged,
        },
        symptoms: ['network-errors'],
      },
      {
        name: 'a router that answers ping sparingly, also when it is asked forty times',
        given: { gateway: gatewayOf({ ping: { sent: 10, received: 6 } }), tcp: tcpOf({}), ...undamaged },
        found: [{ experiment: networkPaths, findings: [{ object: 'host', outcome: 'only pings to a router are lost', says: 'The gateway 192.0.2.1: 20 of 50 packets lost.' }] }],
        symptoms: ['network-errors'],
      },
      {
        name: 'clients far away lose two per cent, neighbours nothing',
        given: {
          gateway: gatewayOf({}),
          tcp: tcpOf({ segmentsSent: 9_000, segmentsRetransmitted: 250, retransmittedPercent: 2.7 }),
          near: { connections: [{ leastRoundTripMs: 0.2, segments: 90_000, repeated: 12 }] }, ...undamaged,
        },
        symptoms: ['network-errors'],
      },
      {
        name: 'an old connection that lost much some days ago',
        given: {
          gateway: gatewayOf({}),
          tcp: tcpOf({}),
          near: { connections: [{ leastRoundTripMs: 0.2, segments: 900_000, repeated: 40_000 }] },
          ...undamaged,
        },
        symptoms: ['network-errors'],
      },
      {
        name: 'all arrives',
        given: { gateway: gatewayOf({}), tcp: tcpOf({}), ...undamaged },
      },
      {
        name: 'a gateway that answers ping sparingly, TCP is fine',
        given: {
          gateway: gatewayOf({ ping: { sent: 10, received: 6 } }),
          tcp: tcpOf({}), ...undamaged,
        },
        symptoms: ['network-errors'],
      },
      {
        name: 'a gateway that answers ping sparingly, and a quiet session that lost three segments when a cable was moved yesterday',
        given: {
          gateway: gatewayOf({ ping: { sent: 10, received: 5 } }),
          tcp: tcpOf({ segmentsSent: 14, segmentsRetransmitted: 0, retransmittedPercent: undefined }),
          near: { connections: [{ leastRoundTripMs: 0.3, segments: 40, repeated: 9 }] },
          ...undamaged,
        },
        symptoms: ['network-errors'],
      },
      {
        name: 'clients far away on the internet (3 % sent again), and a gateway that answers ping sparingly',
        given: {
          gateway: gatewayOf({ ping: { sent: 10, received: 6 } }),
          tcp: tcpOf({ retransmittedPercent: 3, segmentsRetransmitted: 900 }),
          ...undamaged,
        },
        symptoms: ['network-errors'],
      },
      {
        name: 'unwanted packets are dropped, a queue shapes a guest',
        given: {
          gateway: gatewayOf({ ping: { sent: 10, received: 0 }, neighbour: 'REACHABLE', fullSize: undefined }),
          tcp: tcpOf({ retransmittedPercent: 0.4, segmentsRetransmitted: 80 }),
          activity: { interfaces: [activityOf('eno1', { droppedPerSecond: 4, dropPercent: 0.5 })], intervalSeconds: 4 },
          queues: { queues: [{ interface: 'tap100i0', kind: 'tbf', options: 'rate 1Mbit', sentPackets: 900, dropped: 97, overlimits: 500 }] },
        },
      },
    ],
  },
});
