import { defineSymptom, type Detection } from '../../define/symptom.ts';
import { optional } from '../../define/source.ts';
import gateway, { isGone, type Gateway } from './gateway.probe.ts';
import nearConnections, { type NearConnections } from './near-connections.probe.ts';
import { muchNearLossPercent, nearLossPercent } from './near-loss.ts';
import networkActivity, { type InterfaceActivity } from './network-activity.fact.ts';
import networkEvents, { type NetworkEvent } from './network-events.fact.ts';
import { eventsOf } from './network-events.samples.ts';
import { activityOf, gatewayOf, tcpOf } from './network.samples.ts';
import { countSince, hourSeconds } from './recent.ts';
import tcpQuality, { type TcpQuality } from './tcp-quality.fact.ts';

function ofInterface({ name, kind, receive, transmit }: InterfaceActivity): Detection[] {
  if (kind !== 'nic' && kind !== 'virtual-function') return [];
  const object = `nic/${name}`;
  const found: Detection[] = [];
  const errors = receive.errorsPerSecond + transmit.errorsPerSecond;
  if (errors >= 1 && Math.max(receive.errorPercent, transmit.errorPercent) >= 0.1) {
    found.push({ object, value: errors, limit: 1, unit: 'errors/s', says: `${name} counts ${errors.toFixed(1)} damaged packets per second.` });
  }
  for (const [direction, one, least] of [['received', receive, 100], ['sent', transmit, 10]] as const) {
    if (one.droppedPerSecond < least || one.dropPercent < 1) continue;
    const says = `${name} drops ${one.droppedPerSecond.toFixed(0)} packets per second of those to be ${direction} (${one.dropPercent.toFixed(1)} %).`;
    found.push({ object, value: one.droppedPerSecond, limit: least, unit: 'drops/s', says });
  }
  return found;
}

function ofEvents(events: readonly NetworkEvent[]): Detection[] {
  const found: Detection[] = [];
  const names = new Set(events.map(({ name }) => name));
  for (const name of names) {
    const downs = countSince(events, 'link-down', name, hourSeconds);
    const hangs = countSince(events, 'hang', name, hourSeconds) + countSince(events, 'device-lost', name, hourSeconds);
    const object = `nic/${name}`;
    if (downs >= 2) found.push({ object, value: downs, limit: 2, unit: 'times', says: `${name} lost its link ${downs} times within the last hour.` });
    if (hangs >= 1) found.push({ object, value: hangs, limit: 1, unit: 'times', says: `${name} hung ${hangs} times within the last hour, says the kernel.` });
  }
  for (const [kind, what] of [['conntrack-full', 'table of tracked connections'], ['neighbours-full', 'neighbour table']] as const) {
    const count = countSince(events, kind, 'host', hourSeconds);
    if (count > 0) found.push({ object: 'host', value: count, limit: 1, unit: 'times', says: `The ${what} overflowed within the last hour.` });
  }
  return found;
}

function ofGateway(way: Gateway): Detection[] {
  const { address, ping, fullSize, mtu } = way;
  const lost = ping.sent - ping.received;
  if (isGone(way) || (ping.received > 0 && lost >= 2)) {
    const says = `${lost} of ${ping.sent} packets to the gateway ${address} had no answer.`;
    return [{ object: 'host', value: (100 * lost) / ping.sent, limit: 20, unit: '%', says }];
  }
  if (lost > 2 || fullSize === undefined || fullSize.received > 0 || fullSize.sent < 3 || fullSize.refused !== undefined) return [];
  const says = `Packets of the full ${mtu} bytes to the gateway ${address} vanish, small ones pass.`;
  return [{ object: 'host', value: 100, limit: 100, unit: '% of full-size packets', says }];
}

function ofNear(near: NearConnections, tcp: TcpQuality): Detection[] {
  const percent = nearLossPercent(near, tcp) ?? 0;
  if (percent < muchNearLossPercent) return [];
  return [{ object: 'host', value: percent, limit: muchNearLossPercent, unit: '%', says: `${percent.toFixed(1)} % of the segments to machines near by had to be sent again.` }];
}

function ofTcp({ retransmittedPercent, segmentsSent, softnetDroppedPerSecond }: TcpQuality): Detection[] {
  const found: Detection[] = [];
  if (retransmittedPercent !== undefined && segmentsSent >= 500 && retransmittedPercent >= 5) {
    const says = `${retransmittedPercent} % of TCP segments had to be sent again.`;
    found.push({ object: 'host', value: retransmittedPercent, limit: 5, unit: '%', says });
  }
  if (softnetDroppedPerSecond >= 50) {
    const says = `The processors drop ${softnetDroppedPerSecond.toFixed(0)} received packets per second because their backlog is full.`;
    found.push({ object: 'host', value: softnetDroppedPerSecond, limit: 50, unit: 'drops/s', says });
  }
  return found;
}

export default defineSymptom({
  id: 'network-errors',
  title: 'The network loses packets',
  about: `Counted over the sampling window and from the kernel log of the last hour: damaged packets (at least one per second and 0.1 %), drops at a rate that matters,
a link that was lost twice, a NIC that hung, an overflowing table, lost packets to the default gateway, full-size packets that vanish, 5 % of TCP segments sent again, or 2 % of those to machines near by. A
receive-drop counter that rises slowly is harmless: it also counts packets that nobody here wanted.`,
  needs: { activity: networkActivity, events: optional(networkEvents), gateway: optional(gateway), tcp: optional(tcpQuality), near: optional(nearConnections) },
  detect: ({ activity, events, gateway: way, tcp, near }) => [
    ...activity.interfaces.flatMap(ofInterface),
    ...(events === undefined ? [] : ofEvents(events.events)),
    ...(way === undefined ? [] : ofGateway(way)),
    ...(tcp === undefined ? [] : ofTcp(tcp)),
    ...(near === undefined || tcp === undefined ? [] : ofNear(near, tcp)),
  ],
  examples: {
    present: [
      {
        name: 'a NIC with damaged packets that also flaps',
        given: {
          activity: { interfaces: [activityOf('eno1', { errorsPerSecond: 12, errorPercent: 0.4 })], intervalSeconds: 4 },
          events: { events: eventsOf('link-down', 'eno1', [3_000, 500, 20]), complete: true },
        },
        objects: ['nic/eno1', 'nic/eno1'],
      },
      {
        name: 'packets to the gateway are lost',
        given: { activity: { interfaces: [], intervalSeconds: 4 }, gateway: gatewayOf({ ping: { sent: 10, received: 7 } }) },
        objects: ['host'],
      },
      {
        name: 'full-size packets vanish',
        given: { activity: { interfaces: [], intervalSeconds: 4 }, gateway: gatewayOf({ fullSize: { sent: 3, received: 0 } }) },
        objects: ['host'],
      },
      {
        name: 'a copy to a neighbour loses packets',
        given: { activity: { interfaces: [], intervalSeconds: 4 }, tcp: tcpOf({ segmentsSent: 1_850, segmentsRetransmitted: 76, retransmittedPercent: 3.95 }), near: { connections: [{ leastRoundTripMs: 0.1, segments: 18_500, repeated: 760 }] } },
        objects: ['host'],
      },
      {
        name: 'TCP repeats itself',
        given: { activity: { interfaces: [], intervalSeconds: 4 }, tcp: tcpOf({ retransmittedPercent: 7.5 }) },
        objects: ['host'],
      },
    ],
    absent: [
      {
        name: 'unwanted packets are dropped now and then; a flap last month; a gateway that does not answer ping',
        given: {
          activity: { interfaces: [activityOf('eno1', { droppedPerSecond: 3, dropPercent: 2 })], intervalSeconds: 4 },
          events: { events: eventsOf('link-down', 'eno1', [2_500_000, 2_400_000]), complete: true },
          gateway: gatewayOf({ ping: { sent: 10, received: 0 }, fullSize: undefined, neighbour: 'REACHABLE' }),
          tcp: tcpOf({ retransmittedPercent: 0.6 }),
        },
      },
      {
        name: 'a router tells of a smaller limit, so that senders adapt',
        given: {
          activity: { interfaces: [activityOf('eno1', {})], intervalSeconds: 4 },
          gateway: gatewayOf({ fullSize: { sent: 3, received: 0, refused: 'on-the-way', limitBytes: 1492 } }),
        },
      },
      {
        name: 'drops in a tap of a stopped guest',
        given: { activity: { interfaces: [{ ...activityOf('tap100i0', {}), kind: 'tap', transmit: { ...activityOf('x', {}).transmit, droppedPerSecond: 50, dropPercent: 60 } }], intervalSeconds: 4 } },
      },
    ],
  },
});
