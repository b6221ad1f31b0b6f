import { defineHypothesis } from '../../define/hypothesis.ts';
import { optional } from '../../define/source.ts';
import neighbours from './neighbours.probe.ts';
import networkEvents from './network-events.fact.ts';
import { eventsOf } from './network-events.samples.ts';
import raiseNeighbourLimits from './raise-neighbour-limits.mitigation.ts';
import { countSince, hourSeconds, lastText } from './recent.ts';

type Tables = { readonly tables: readonly { readonly name: 'arp' | 'ndp'; readonly entries: number; readonly maximum: number; readonly overflows: number }[] };

function fullest({ tables }: Tables): Tables['tables'][number] | undefined {
  return tables.toSorted((a, b) => b.entries / b.maximum - a.entries / a.maximum)[0];
}

function share(all: Tables): number {
  const table = fullest(all);
  return table === undefined || table.maximum === 0 ? 0 : table.entries / table.maximum;
}

function fill(all: Tables): string {
  const table = fullest(all);
  return table === undefined ? '' : `the ${table.name === 'arp' ? 'IPv4' : 'IPv6'} neighbour table holds ${table.entries} of at most ${table.maximum} entries`;
}

export default defineHypothesis({
  id: 'neighbour-table-full',
  subject: 'network',
  proven: 'documentation',
  title: 'The table of neighbours in the local network is full',
  about: `The kernel keeps the hardware address of each neighbour, by default for at most 1024. In large flat networks, or with many containers (the table is shared by all of them), it
overflows, and packets to those who find no place are dropped: hosts are reachable at random.
To be sure by hand: \`dmesg | grep 'table overflow'\`, and \`ip neigh | wc -l\` against \`sysctl net.ipv4.neigh.default.gc_thresh3\`.`,
  needs: { table: neighbours, events: optional(networkEvents) },
  prior: 1 / 500,
  explains: { 'network-errors': 0.7, 'target-missing': 0.5, 'unreachable': 0.2, 'guest-slow': 0.1, 'errors-logged': 0.3 },
  evidence: [
    {
      outcome: ({ table }) => (share(table) >= 0.97 ? 'full' : share(table) >= 0.8 ? 'high' : 'room'),
      table: {
        full: { ifCause: 0.85, otherwise: 0.001, decisive: true, says: ({ table }) => `Right now ${fill(table)}.` },
        high: { ifCause: 0.1, otherwise: 0.01, says: ({ table }) => `Right now ${fill(table)}.` },
        room: { ifCause: 0.05, otherwise: 0.98, says: ({ table }) => `There is room: ${fill(table)}.` },
      },
      excerpt: ({ table }) => fill(table),
    },
    {
      when: ({ events }) => countSince(events?.events ?? [], 'neighbours-full', 'host', hourSeconds) > 0,
      decisive: true,
      likelihood: { ifCause: 0.85, otherwise: 0.0005 },
      says: 'Within the last hour the kernel reported an overflow of the neighbour table.',
      excerpt: ({ events }) => lastText(events?.events ?? [], 'neighbours-full', 'host'),
    },
  ],
  broughtBy: ['kernel-settings', 'guest'],
  urgency: 'today',
  dataAtRisk: false,
  mitigations: [raiseNeighbourLimits],
  references: ['arp(7), gc_thresh3', 'kernel net/core/neighbour.c'],
  examples: {
    supporting: [
      {
        name: 'overflowing',
        given: {
          table: { tables: [{ name: 'arp', entries: 1024, maximum: 1024, overflows: 900 }] },
          events: { events: eventsOf('neighbours-full', 'host', [30, 5]), complete: true },
        },
        symptoms: ['network-errors'],
        expect: 'identified',
      },
    ],
    refuting: [
      {
        name: 'few neighbours, an overflow of last month',
        given: {
          table: { tables: [{ name: 'arp', entries: 40, maximum: 1024, overflows: 17 }, { name: 'ndp', entries: 5, maximum: 1024, overflows: 0 }] },
          events: { events: eventsOf('neighbours-full', 'host', [2_000_000]), complete: true },
        },
      },
      { name: 'a busy network with raised limits', given: { table: { tables: [{ name: 'arp', entries: 9_000, maximum: 16_384, overflows: 0 }] }, events: { events: [], complete: true } } },
    ],
  },
});
