import { defineHypothesis } from '../../define/hypothesis.ts';
import { optional } from '../../define/source.ts';
import conntrack from './conntrack.probe.ts';
import networkEvents from './network-events.fact.ts';
import { eventsOf } from './network-events.samples.ts';
import raiseConntrackLimit from './raise-conntrack-limit.mitigation.ts';
import { countSince, hourSeconds, lastText } from './recent.ts';

export default defineHypothesis({
  id: 'conntrack-full',
  subject: 'network',
  proven: 'documentation',
  title: 'The table of tracked connections is full',
  about: `The firewall remembers every connection, also those of bridged guests. When its table is full, packets of new connections are dropped while the old ones go on: the host and its
guests seem reachable at random. A scan, a busy name server or web server in a guest, or a limit that is too small is behind it.
To be sure by hand: \`cat /proc/sys/net/netfilter/nf_conntrack_{count,max}\` and \`dmesg | grep 'table full'\`.`,
  needs: { table: conntrack, events: optional(networkEvents) },
  objects: ({ table }) => (table.maximum > 0 ? [{ object: 'host' }] : []),
  noObjects: 'connections are not tracked on this host',
  prior: 1 / 300,
  explains: { 'network-errors': 0.7, 'target-missing': 0.5, 'unreachable': 0.3, 'guest-slow': 0.2, 'backup-missed': 0.2, 'errors-logged': 0.3, 'storage-down': 0.1 },
  explainsAcross: ['storage-down'],
  evidence: [
    {
      outcome: ({ table }) => (table.connections >= 0.95 * table.maximum ? 'full' : table.connections >= 0.8 * table.maximum ? 'high' : 'room'),
      table: {
        full: {
          ifCause: 0.85,
          otherwise: 0.0005,
          decisive: true,
          says: ({ table }) => `${table.connections} connections are tracked, and the table holds ${table.maximum}.`,
        },
        high: { ifCause: 0.1, otherwise: 0.01, says: ({ table }) => `${table.connections} connections are tracked, and the table holds ${table.maximum}.` },
        room: { ifCause: 0.05, otherwise: 0.98, says: ({ table }) => `The table of tracked connections has room: ${table.connections} of ${table.maximum}.` },
      },
      excerpt: ({ table }) => `nf_conntrack_count ${table.connections}, nf_conntrack_max ${table.maximum}, dropped ${table.dropped}`,
    },
    {
      when: ({ events }) => countSince(events?.events ?? [], 'conntrack-full', 'host', hourSeconds) > 0,
      decisive: true,
      likelihood: { ifCause: 0.8, otherwise: 0.0005 },
      says: 'Within the last hour the kernel dropped packets because the table was full.',
      excerpt: ({ events }) => lastText(events?.events ?? [], 'conntrack-full', 'host'),
    },
  ],
  broughtBy: ['kernel-settings', 'guest'],
  urgency: 'now',
  dataAtRisk: false,
  mitigations: [raiseConntrackLimit],
  references: ['kernel Documentation/networking/nf_conntrack-sysctl', 'kernel net/netfilter/nf_conntrack_core.c'],
  examples: {
    supporting: [
      {
        name: 'full, and the kernel says so',
        given: {
          table: { connections: 262_140, maximum: 262_144, dropped: 90_211, earlyDropped: 12 },
          events: { events: eventsOf('conntrack-full', 'host', [40, 20]), complete: true },
        },
        symptoms: ['network-errors'],
        expect: 'identified',
      },
      { name: 'full right now', given: { table: { connections: 65_500, maximum: 65_536, dropped: 3, earlyDropped: 0 } }, expect: 'identified' },
    ],
    refuting: [
      {
        name: 'room, and a storm of last week',
        given: {
          table: { connections: 1_200, maximum: 262_144, dropped: 90_211, earlyDropped: 0 },
          events: { events: eventsOf('conntrack-full', 'host', [600_000]), complete: true },
        },
      },
      { name: 'three quarters full', given: { table: { connections: 200_000, maximum: 262_144, dropped: 0, earlyDropped: 0 }, events: { events: [], complete: true } } },
      { name: 'nothing is tracked', given: { table: { status: 'absent', detail: 'connections are not tracked on this host' } }, expect: 'ruled-out' },
    ],
  },
});
