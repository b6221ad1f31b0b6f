import type { ComparisonRule } from '../../define/comparison.ts';
import addressConflicts from '../network/address-conflicts.probe.ts';
import bonding from '../network/bonding.probe.ts';
import conntrack from '../network/conntrack.probe.ts';
import gateway from '../network/gateway.probe.ts';
import interfacesFile from '../network/interfaces-file.probe.ts';
import linksProbe from '../network/links.probe.ts';
import nameResolution from '../network/name-resolution.probe.ts';
import nearConnections from '../network/near-connections.probe.ts';
import neighbours from '../network/neighbours.probe.ts';
import networkActivity from '../network/network-activity.fact.ts';
import nicSettings from '../network/nic-settings.probe.ts';
import pci from '../network/pci.probe.ts';
import sockets from '../network/sockets.probe.ts';
import tcpQuality from '../network/tcp-quality.fact.ts';
import trafficControl from '../network/traffic-control.probe.ts';
import exporter from '../reach/exporter.probe.ts';
import { about, hardware, ignored } from './rule.ts';

const nic = about(nicSettings);
const link = about(linksProbe);
const device = about(pci);
const gate = about(gateway);

/** Interfaces that come and go with guests. */
const ofGuests = ['tap*', 'veth*', 'vnet*', 'fwbr*', 'fwpr*', 'fwln*'];

export const networkRules: readonly ComparisonRule[] = [
  nic('nics/*', 'hardware', { lost: 90, gained: 45, changed: 90 }, 'the network card {1}', { shows: ['driver', 'speedMbps'], ofTheMachine: true }),
  nic('nics/*/speedMbps', 'hardware', { lost: 88, gained: 34, changed: 88 }, 'the speed of the link of {1}'),
  nic('nics/*/carrier', 'health', { lost: 80, gained: 34, changed: 80 }, 'that {1} has a link'),
  nic('nics/*/duplex', 'hardware', 80, 'the duplex mode of {1}'),
  nic('nics/*/driver', 'version', 66, 'the driver of {1}'),
  nic('nics/*/firmware', 'version', 62, 'the firmware of {1}'),
  nic('nics/*/autonegotiation', 'setting', 62, 'that {1} negotiates its speed'),
  nic('nics/*/supportedMbps', 'hardware', hardware(70), 'the highest speed of {1}'),
  nic('nics/*/advertisedMbps', 'setting', { lost: 66, gained: 34, changed: 66 }, 'the highest speed that {1} offers'),
  ...ignored(nicSettings, 'nics/*/*'),

  ...ignored(linksProbe, ...ofGuests.map((name) => `links/${name}`)),
  link('links/*', 'setting', { lost: 62, gained: 32, changed: 62 }, 'the interface {1}', { shows: ['kind'], ofTheMachine: true }),
  link('links/*/mtu', 'setting', 76, 'the MTU of {1}'),
  link('links/*/up', 'setting', { lost: 72, gained: 32, changed: 72 }, 'that {1} is up'),
  link('links/*/operstate', 'health', { lost: 40, gained: 20, changed: 40 }, 'the state of {1}', { best: ['up', 'unknown'] }),
  link('links/*/master', 'setting', 58, 'the bridge or bond of {1}'),
  link('links/*/parent', 'setting', 50, 'the interface below {1}'),
  ...ignored(linksProbe, 'links/*/index', 'links/*/addressCount'),

  device('devices/*', 'hardware', { lost: 84, gained: 45, changed: 84 }, 'the PCI device {1}', { shows: ['model', 'kind'], ofTheMachine: true }),
  device('devices/*/driver', 'version', 68, 'the driver of the PCI device {1}'),
  device('devices/*/model', 'hardware', 60, 'the model of the PCI device {1}'),
  device('devices/*/link', 'hardware', 0, 'the PCIe link of {1}'),
  device('devices/*/link/width', 'hardware', { lost: 84, gained: 34, changed: 84 }, 'the number of PCIe lanes of {1}'),
  device('devices/*/link/speed', 'hardware', { lost: 60, gained: 32, changed: 60 }, 'the speed of the PCIe link of {1}'),
  ...ignored(pci, 'devices/*/errors', 'devices/*/portLimit', 'devices/*/link/*'),

  gate('address', 'setting', 50, 'the gateway', { ofTheMachine: true }),
  gate('interface', 'setting', 60, 'the interface to the gateway'),
  gate('mtu', 'setting', 74, 'the MTU on the way to the gateway'),
  gate('ping/averageMs', 'measured', { lost: 12, gained: 46, changed: 46 }, 'the time of an answer from the gateway', { noise: { ratio: 4, atLeast: 5, unit: 'ms' } }),
  ...ignored(gateway, 'ping/*', 'fullSize', 'neighbour'),

  about(bonding)('bonds/*', 'setting', hardware(70), 'the bond {1}', { ofTheMachine: true }),
  about(bonding)('bonds/*/mode', 'setting', 72, 'the mode of the bond {1}'),
  about(bonding)('bonds/*/ports/*', 'hardware', hardware(80), 'the port {2} of the bond {1}'),
  about(bonding)('bonds/*/ports/*/up', 'health', { lost: 86, gained: 32, changed: 86 }, 'that the port {2} of the bond {1} is up'),
  about(bonding)('bonds/*/ports/*/speed', 'hardware', 78, 'the speed of the port {2} of the bond {1}'),
  about(conntrack)('maximum', 'setting', 52, 'the largest number of tracked connections', { label: 'nf_conntrack_max' }),
  about(neighbours)('tables/*/maximum', 'setting', 46, 'the largest size of the neighbour table {1}', { label: 'gc_thresh3' }),
  about(nameResolution)('nameservers', 'setting', 54, 'name servers', { lost: 'These name servers are no longer used: {items}', gained: 'These name servers are newly used: {items}', ofTheMachine: true }),
  about(nameResolution)('lookups/*/outcome', 'health', { lost: 62, gained: 20, changed: 62 }, 'the answer to the question for {1}', { best: ['resolved'] }),
  ...ignored(nameResolution, 'own'),
  about(interfacesFile)('interfaces/*', 'setting', 46, '{1} in /etc/network/interfaces', { ofTheMachine: true }),
  about(interfacesFile)('interfaces/*/*', 'setting', 46, '{2:words} of {1} in /etc/network/interfaces'),
  about(trafficControl)('queues/*/kind', 'setting', 56, 'the queueing discipline of {1}'),
  about(trafficControl)('queues/*/options', 'setting', 46, 'options of the queueing discipline of {1}'),
  about(trafficControl)('queues/*', 'setting', 0, 'the queue of {1}'),

  about(tcpQuality)('retransmittedPercent', 'measured', { lost: 12, gained: 48, changed: 48 }, 'the share of TCP segments that had to be sent again', { noise: { ratio: 3, atLeast: 2, unit: '%' } }),
  ...(['receive', 'transmit'] as const).flatMap((way) => [
    about(networkActivity)(`interfaces/*/${way}/errorPercent`, 'measured', { lost: 12, gained: 52, changed: 52 }, `the share of damaged packets of {1} (${way})`, { noise: { ratio: 3, atLeast: 1, unit: '%' } }),
    about(networkActivity)(`interfaces/*/${way}/dropPercent`, 'measured', { lost: 12, gained: 50, changed: 50 }, `the share of dropped packets of {1} (${way})`, { noise: { ratio: 3, atLeast: 1, unit: '%' } }),
  ]),
  about(exporter)('listening', 'health', { lost: 60, gained: 20, changed: 60 }, 'that a metrics exporter listens'),
  about(exporter)('units/*/active', 'health', { lost: 52, gained: 20, changed: 52 }, 'the state of {1}', { best: ['active'] }),
  ...ignored(addressConflicts),
  ...ignored(nearConnections),
  ...ignored(sockets),
];
