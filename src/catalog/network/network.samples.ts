import type { Gateway } from './gateway.probe.ts';
import type { Link } from './links.probe.ts';
import type { InterfaceActivity } from './network-activity.fact.ts';
import type { NetDev } from './net-dev.probe.ts';
import type { NetStats } from './net-stats.probe.ts';
import type { Nic } from './nic-settings.probe.ts';
import type { TcpQuality } from './tcp-quality.fact.ts';

type Counters = NetDev['interfaces'][number];

/** Counters of an interface that has received this and sent nothing. */
export function counters(name: string, received: Partial<Counters['receive']>): Counters {
  const none = { bytes: 0, packets: 0, errors: 0, dropped: 0, fifo: 0 };
  return { name, receive: { ...none, frame: 0, ...received }, transmit: { ...none, collisions: 0, carrier: 0 } };
}

/** A NIC that is up with an MTU of 1500, with what is different. */
export function linkOf(name: string, different: Partial<Link>): Link {
  return { name, index: 2, kind: 'nic', mtu: 1500, up: true, operstate: 'up', addressCount: 0, ...different };
}

/** 10 MB/s both ways without errors, with what is different in receiving. */
export function activityOf(name: string, receive: Partial<InterfaceActivity['receive']>): InterfaceActivity {
  const plain = { bytesPerSecond: 1e7, packetsPerSecond: 8000, errorsPerSecond: 0, droppedPerSecond: 0, errorPercent: 0, dropPercent: 0 };
  return { name, kind: 'nic', receive: { ...plain, ...receive }, transmit: plain };
}

/** A healthy gigabit link, with what is different. */
export function nicOf(name: string, different: Partial<Nic>): Nic {
  return {
    name,
    driver: 'igb',
    carrier: true,
    carrierChanges: 2,
    speedMbps: 1000,
    duplex: 'full',
    autonegotiation: true,
    supportedMbps: 1000,
    advertisedMbps: 1000,
    partnerMbps: 1000,
    crcErrors: 0,
    missedErrors: 0,
    transmitTimeouts: 0,
    ...different,
  };
}

/** A gateway that answers all packets, with what is different. */
export function gatewayOf(different: Partial<Gateway>): Gateway {
  return {
    address: '192.0.2.1',
    interface: 'vmbr0',
    mtu: 1500,
    ping: { sent: 10, received: 10, averageMs: 0.4 },
    fullSize: { sent: 3, received: 3, averageMs: 0.5 },
    neighbour: 'REACHABLE',
    ...different,
  };
}

/** Counters of an idle host, with what is different. */
export function statsOf(different: { readonly [K in keyof NetStats]?: Partial<NetStats[K]> }): NetStats {
  return {
    tcp: {
      activeOpens: 0,
      attemptFails: 0,
      segmentsIn: 0,
      segmentsOut: 0,
      segmentsRetransmitted: 0,
      segmentsBad: 0,
      timeouts: 0,
      listenDrops: 0,
      receivePruned: 0,
      receiveCollapsed: 0,
      memoryPressures: 0,
      ...different.tcp,
    },
    udp: { datagramsIn: 0, receiveBufferErrors: 0, sendBufferErrors: 0, ...different.udp },
    ip: { inDiscards: 0, outNoRoutes: 0, reassemblyFails: 0, fragmentationFails: 0, ...different.ip },
    softnet: { processed: 0, dropped: 0, squeezed: 0, ...different.softnet },
  };
}

/** Healthy TCP with plenty of traffic, with what is different. */
export function tcpOf(different: Partial<TcpQuality>): TcpQuality {
  return {
    segmentsSent: 20_000,
    segmentsRetransmitted: 2,
    retransmittedPercent: 0.01,
    timeoutsPerSecond: 0,
    softnetDroppedPerSecond: 0,
    listenDropsPerSecond: 0,
    udpReceiveErrorsPerSecond: 0,
    ...different,
  };
}
