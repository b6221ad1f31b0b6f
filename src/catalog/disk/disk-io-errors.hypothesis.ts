import { defineHypothesis } from '../../define/hypothesis.ts';
import { optional } from '../../define/source.ts';
import { disk, logged, nothingLogged, twoDisks } from './disk-examples.ts';
import { byName } from './disk-limits.ts';
import diskLog, { countEvents, type DiskLog } from './disk-log.fact.ts';
import disks, { type Disk } from './disks.fact.ts';
import replaceDisk from './replace-disk.mitigation.ts';
import replaceSataCable from './replace-sata-cable.mitigation.ts';
import takeDiskOffline from './take-disk-offline.mitigation.ts';
import timedReads from './timed-reads.probe.ts';
import timedReadsByTurns from './timed-reads-by-turns.experiment.ts';

const errors = ['io-error', 'timeout', 'offlined'] as const;
/** What explains such errors: then another cause has the name. */
const nearer = ['medium-error', 'link-crc', 'nvme-lost', 'nvme-reset'] as const;

interface Device {
  readonly object: string;
  readonly name: string;
  readonly label: string;
}

function poolErrors(list: readonly Disk[], device: Device): number {
  return (byName(list, device)?.uses ?? []).reduce((sum, use) => sum + use.errors, 0);
}

function entryOf(log: { readonly disks: readonly DiskLog[] }, device: Device): DiskLog | undefined {
  return byName(log.disks, device);
}

export default defineHypothesis({
  id: 'disk-io-errors',
  subject: 'disk',
  proven: 'documentation',
  title: 'Reads or writes of a disk fail',
  about: `The kernel gives up reads or writes of a disk ("I/O error, dev …", timeouts, "rejecting I/O to offline device"), and the reason is not one of those that it
names: no unreadable sector, no broken transfer on the cable, no reset of an NVMe controller. The disk, its controller, its backplane or power supply, or, for a virtual or network disk, the
storage behind it may be at fault. ZFS repairs what it can from the other copy and counts the rest; other file systems turn read-only.

Discards and zeroing that a disk refuses are harmless and do not count. To be sure by hand: \`dmesg -T | grep -E 'I/O error|timeout|offline'\`, \`zpool status -v\`, \`smartctl -x /dev/<disk>\`;
errors of several disks at the same second point at what they share: controller, cable tree, power.`,
  needs: { disks, log: diskLog, reads: optional(timedReads) },
  objects: ({ disks: { disks: list }, log }): Device[] => [
    ...list.map(({ object, name, label }) => ({ object, name, label })),
    ...log.disks.filter((entry) => byName(list, entry) === undefined && !/^nvme\d+$/.test(entry.name)).map(({ object, name, label }) => ({ object, name, label })),
  ],
  noObjects: 'this host shows no disk of its own',
  prior: 1 / 200,
  explains: { 'errors-logged': 0.95, 'io-delay': 0.15, 'disk-latency': 0.15, 'data-errors': 0.2, 'redundancy-lost': 0.2, 'guest-slow': 0.1, 'guest-down': 0.1 },
  evidence: [
    {
      outcome: ({ log }, device: Device) => {
        const seen = countEvents(entryOf(log, device), errors);
        if (seen.recent > 0) return 'recent';
        if (seen.today > 0) return 'today';
        return seen.count > 0 ? 'old' : log.complete ? 'none' : 'not covered';
      },
      table: {
        recent: {
          ifCause: 0.8,
          otherwise: 0.0002,
          decisive: true,
          says: ({ log }, device) => `The kernel gave up ${countEvents(entryOf(log, device), errors).recent} reads or writes within the last hour: ${device.label}.`,
        },
        today: {
          ifCause: 0.12,
          otherwise: 0.001,
          says: ({ log }, device) => `The kernel gave up ${countEvents(entryOf(log, device), errors).today} reads or writes within the last 24 hours, none of them in the last hour: ${device.label}.`,
        },
        old: { ifCause: 0.03, otherwise: 0.02, says: 'The kernel gave up reads or writes more than a day ago.' },
        none: { ifCause: 0.02, otherwise: 0.98, says: 'No read or write of it has failed since boot.' },
      },
      group: 'log',
      excerpt: ({ log }, device) => countEvents(entryOf(log, device), errors).last?.lastText ?? '',
    },
    {
      when: ({ reads }, device) => (byName(reads?.disks ?? [], device)?.errors ?? 0) > 0,
      likelihood: { ifCause: 0.15, otherwise: 0.0005 },
      decisive: true,
      says: 'A small read of our own failed.',
      group: 'reads',
    },
    {
      when: ({ disks: { disks: list } }, device) => poolErrors(list, device) > 0,
      likelihood: { ifCause: 0.3, otherwise: 0.008 },
      says: ({ disks: { disks: list } }, device) => `Its pool counts ${poolErrors(list, device)} failed reads and writes on it.`,
      group: 'pool',
    },
  ],
  tested: [
    {
      experiment: timedReadsByTurns,
      about: (_, { object }) => [object],
      table: {
        'quick': { ifCause: 0.5, otherwise: 0.92 },
        'no answer': { ifCause: 0.1, otherwise: 0.002 },
        'a read failed': { ifCause: 0.35, otherwise: 0.003 },
      },
    },
  ],
  ruledOut: [
    {
      when: ({ log }, device) => countEvents(entryOf(log, device), nearer).today > 0,
      says: ({ log }, device) => `the kernel names the reason of the errors on ${device.name}: ${countEvents(entryOf(log, device), nearer).last?.lastText ?? 'see its log'}`,
    },
  ],
  mechanisms: ['zfs-txg-stalled', 'hung-tasks'],
  urgency: 'now',
  dataAtRisk: true,
  containment: ['Make sure that the last backup is complete and off this host before anything else.'],
  doNot: ['Do not clear the errors (`zpool clear`) before they have been written down.', 'Do not reboot while a pool is degraded by this: a disk that is barely alive may not come back.'],
  mitigations: [takeDiskOffline, replaceSataCable, replaceDisk],
  references: ['Linux block/blk-core.c', 'OpenZFS documentation: Troubleshooting'],
  examples: {
    supporting: [
      { name: 'errors of this morning, and reads that fail now', given: { disks: { disks: twoDisks }, log: { complete: true, disks: [logged('sdb', ['io-error', 14, 12_000])] } }, found: [{ experiment: timedReadsByTurns, findings: [{ object: 'disk/ata-WDC_WD40EFRX-68N32N0_WD-B', outcome: 'a read failed', says: '2 of 13 small reads failed' }] }], object: 'disk/ata-WDC_WD40EFRX-68N32N0_WD-B', symptoms: ['errors-logged'] },
      { name: 'reads fail now', given: { disks: { disks: twoDisks }, log: { complete: true, disks: [logged('sdb', ['io-error', 14, 120, 'I/O error, dev sdb, sector 2048 op 0x0:(READ)'])] } }, object: 'disk/ata-WDC_WD40EFRX-68N32N0_WD-B', symptoms: ['errors-logged'], expect: 'identified' },
      { name: 'a mapped device whose target is gone', given: { disks: { disks: [] }, log: { complete: true, disks: [{ ...logged('sda', ['io-error', 40, 20]), name: 'dm-3', object: 'disk/dm-3', label: 'dm-3' }] } }, object: 'disk/dm-3', symptoms: ['errors-logged'], expect: 'identified' },
      { name: 'the kernel gave a disk up, and its pool counts errors', given: { disks: { disks: [disk('sdb', { uses: [{ pool: 'tank', vdev: 'mirror-0', role: 'data', errors: 220 }] })] }, log: { complete: false, disks: [logged('sdb', ['offlined', 3, 50_000])] } }, symptoms: ['errors-logged', 'redundancy-lost'] },
    ],
    refuting: [
      { name: 'one error last week, and reads by turns are quick', given: { disks: { disks: twoDisks }, log: { complete: true, disks: [logged('sdb', ['io-error', 1, 600_000])] } }, found: [{ experiment: timedReadsByTurns, findings: [{ object: 'disk/ata-WDC_WD40EFRX-68N32N0_WD-B', outcome: 'quick', says: '9 ms' }] }], symptoms: ['io-delay'] },
      { name: 'a clean log', given: { disks: { disks: twoDisks }, log: nothingLogged } },
      { name: 'errors of three weeks ago', given: { disks: { disks: twoDisks }, log: { complete: true, disks: [logged('sdb', ['io-error', 14, 1_800_000])] } }, symptoms: ['io-delay'] },
      { name: 'unreadable sectors: the disk is failing', given: { disks: { disks: [disk('sdb')] }, log: { complete: true, disks: [logged('sdb', ['io-error', 14, 120], ['medium-error', 14, 120])] } }, expect: 'ruled-out' },
    ],
  },
});
