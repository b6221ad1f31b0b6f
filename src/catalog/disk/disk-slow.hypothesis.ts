import { defineHypothesis } from '../../define/hypothesis.ts';
import { optional } from '../../define/source.ts';
import imageCopy from '../zfs/image-copy.experiment.ts';
import { copied } from '../zfs/experiment-findings.samples.ts';
import attribution, { type AttributedChange } from '../changes/attribution.fact.ts';
import { attributedTo } from '../changes/attribution.samples.ts';
import diskComparison, { type DiskPace } from './disk-comparison.fact.ts';
import { disk, paceOfDisk as pace, twoDisks } from './disk-examples.ts';
import { byName, idleReadLimitMs, kindNames, latencyLimitMs, ms } from './disk-limits.ts';
import { discards, workOf } from './disk-work.ts';
import disks, { type Disk } from './disks.fact.ts';
import limitErrorRecovery from './limit-error-recovery.mitigation.ts';
import replaceDisk from './replace-disk.mitigation.ts';
import takeDiskOffline from './take-disk-offline.mitigation.ts';
import timedReadsByTurns from './timed-reads-by-turns.experiment.ts';
import timedSyncedWrites from './timed-synced-writes.experiment.ts';
import otherStorage from './other-storage.experiment.ts';
import { storagesOf } from './storages-of-disk.ts';

function beside(pace: DiskPace | undefined): string {
  if (pace?.timesSiblings === undefined || pace.latencyMs === undefined) return 'not comparable';
  if (pace.unlikeSiblings) return 'unlike';
  if (pace.timesSiblings >= 3 && pace.latencyMs >= latencyLimitMs[pace.kind] / 2) return 'slower';
  return pace.timesSiblings < 2 ? 'alike' : 'not comparable';
}

function reading(pace: DiskPace | undefined): string {
  if (pace?.timedReadStuck === true) return 'stuck';
  if (pace?.timedReadMs === undefined) return 'not read';
  const limit = idleReadLimitMs[pace.kind];
  const unlikeOthers = (pace.timesOthers === undefined ? pace.timedReadMs >= 3 * limit : pace.timesOthers >= 5) && (pace.timesAllOthers ?? 99) >= 3;
  if (pace.timedReadMs >= limit && unlikeOthers) return pace.utilisationPercent < 50 && !discards(pace) ? 'slow and idle' : 'slow and busy';
  return pace.timedReadMs < limit / 4 ? 'quick' : 'middling';
}

/** What the walk along what waits for what says of a disk: means since the boot are a rough "before". */
function changedHere(change: AttributedChange | undefined, disk: Disk): string {
  if (change === undefined || change.from === 'host') return 'not known';
  if (change.end === 'slower by itself') return change.object === disk.object ? 'slower than before' : change.object.startsWith('disk/') ? 'another disk' : 'not known';
  return change.end === 'brings more work' ? 'more work' : 'not known';
}

export default defineHypothesis({
  id: 'disk-slow',
  subject: 'disk',
  proven: 'documentation',
  title: 'One disk is much slower than it should be',
  about: `A disk that is about to die, that retries bad sectors by itself, or whose firmware tidies up answers late but without an error. ZFS and RAID wait for the
slowest member, so that one such disk slows a whole pool down: transaction groups take seconds, IO delay rises, guests hang, and no counter of errors moves.

It is told by comparison: the mean time of an I/O is at least five times that of the other members of the same mirror, RAIDZ or array under like load, or small reads
take long although the disk is hardly busy. All members being equally slow points elsewhere: too much load, the controller, or what lies above the disks.

To be sure by hand: \`iostat -x 5\` and \`zpool iostat -vl 5\` (one member's times stand out), \`zpool status -s\` (slow I/Os), \`smartctl -t long /dev/<disk>\`. With redundancy,
\`zpool offline\` for a minute proves it: latency recovers at once.`,
  needs: { disks, pace: diskComparison, attribution: optional(attribution) },
  objects: ({ disks: { disks: list } }) => list,
  noObjects: 'this host shows no disk of its own',
  prior: 1 / 300,
  explains: { 'disk-latency': 0.95, 'io-delay': 0.6, 'high-load': 0.25, 'guest-slow': 0.4, 'errors-logged': 0.1 },
  evidence: [
    {
      outcome: ({ attribution: change }, disk: Disk) => changedHere(change, disk),
      table: {
        'slower than before': { ifCause: 0.3, otherwise: 0.08, says: ({ attribution: change }) => change?.says ?? '' },
        'another disk': { ifCause: 0.05, otherwise: 0.1, says: ({ attribution: change }) => change?.says ?? '' },
        'more work': { ifCause: 0.1, otherwise: 0.2, says: ({ attribution: change }) => change?.says ?? '' },
      },
      group: 'before',
    },
    {
      outcome: ({ pace: { disks: list } }, disk: Disk) => beside(byName(list, disk)),
      table: {
        'unlike': {
          ifCause: 0.6,
          otherwise: 0.0005,
          decisive: true,
          says: ({ pace: { disks: list } }, disk) => {
            const own = byName(list, disk);
            return `An I/O on ${disk.label} takes ${ms(own?.latencyMs)}, ${own?.timesSiblings?.toFixed(0)} times as long as on its siblings (${ms(own?.siblingsLatencyMs)}).`;
          },
        },
        'slower': { ifCause: 0.15, otherwise: 0.01, says: ({ pace: { disks: list } }, disk) => `An I/O takes ${byName(list, disk)?.timesSiblings?.toFixed(1)} times as long as on its siblings.` },
        'alike': { ifCause: 0.03, otherwise: 0.6, says: ({ pace: { disks: list } }, disk) => `It is about as quick as its siblings (${ms(byName(list, disk)?.latencyMs)} and ${ms(byName(list, disk)?.siblingsLatencyMs)}).` },
      },
      group: 'siblings',
      excerpt: ({ pace: { disks: list } }, disk) => `${disk.name}: await ${ms(byName(list, disk)?.latencyMs)}, ${byName(list, disk)?.utilisationPercent.toFixed(0)} % busy`,
    },
    {
      outcome: ({ pace: { disks: list } }, disk) => reading(byName(list, disk)),
      table: {
        'stuck': { ifCause: 0.15, otherwise: 0.001, says: 'A small read did not end within seconds.' },
        'slow and idle': {
          ifCause: 0.5,
          otherwise: 0.0003,
          decisive: true,
          says: ({ pace: { disks: list } }, disk) => `Small reads take ${ms(byName(list, disk)?.timedReadMs)} although the disk is hardly busy (${byName(list, disk)?.utilisationPercent.toFixed(0)} % of the time).`,
        },
        'slow and busy': { ifCause: 0.3, otherwise: 0.04, says: ({ pace: { disks: list } }, disk) => `Small reads take ${ms(byName(list, disk)?.timedReadMs)}, but the disk is busy.` },
        'quick': { ifCause: 0.12, otherwise: 0.75, says: ({ pace: { disks: list } }, disk) => `Small reads are quick (${ms(byName(list, disk)?.timedReadMs)}).` },
      },
      group: 'reads',
    },
    {
      outcome: ({ pace: { disks: list } }, disk) => workOf(byName(list, disk)),
      table: {
        crawls: {
          ifCause: 0.4,
          otherwise: 0.008,
          says: ({ pace: { disks: list } }, disk) => {
            const own = byName(list, disk);
            if (own?.stalled === true) return 'I/Os were waiting during the whole window, and none ended.';
            return `The disk is busy ${own?.utilisationPercent.toFixed(0)} % of the time with only ${own?.iosPerSecond.toFixed(0)} I/Os a second, less than ${kindNames[own?.kind ?? 'unknown']} does.`;
          },
        },
        works: { ifCause: 0.13, otherwise: 0.45, says: ({ pace: { disks: list } }, disk) => `It gets ${byName(list, disk)?.iosPerSecond.toFixed(0)} I/Os a second done.` },
        rests: { ifCause: 0.45, otherwise: 0.5, says: ({ pace: { disks: list } }, disk) => `It is busy only ${byName(list, disk)?.utilisationPercent.toFixed(0)} % of the time.` },
      },
      group: 'throughput',
    },
  ],
  tested: [
    {
      experiment: timedReadsByTurns,
      about: (_, { object }) => [object],
      table: {
        'slow with little to do': { ifCause: 0.4, otherwise: 0.0015, decisive: true },
        'unlike its siblings': { ifCause: 0.4, otherwise: 0.001, decisive: true },
        'as slow as its siblings': { ifCause: 0.02, otherwise: 0.006 },
        'slow under much work': { ifCause: 0.04, otherwise: 0.06 },
        'quick': { ifCause: 0.05, otherwise: 0.9 },
        'no answer': { ifCause: 0.06, otherwise: 0.002 },
        'a read failed': { ifCause: 0.03, otherwise: 0.004 },
      },
    },
    {
      experiment: timedSyncedWrites,
      about: (_, disk) => storagesOf(disk),
      table: {
        'very slow': { ifCause: 0.35, otherwise: 0.01 },
        'slow': { ifCause: 0.2, otherwise: 0.06 },
        'slower than its like': { ifCause: 0.25, otherwise: 0.02 },
        'slow like all': { ifCause: 0.03, otherwise: 0.02 },
        'quick': { ifCause: 0.12, otherwise: 0.88 },
        'no answer': { ifCause: 0.05, otherwise: 0.005 },
      },
    },
    {
      experiment: otherStorage,
      about: (_, disk) => storagesOf(disk),
      table: {
        'only this storage is slow': { ifCause: 0.75, otherwise: 0.03 },
        'both are slow': { ifCause: 0.05, otherwise: 0.04 },
        'it keeps up': { ifCause: 0.2, otherwise: 0.93 },
      },
    },
    {
      experiment: imageCopy,
      about: (_, { uses }: Disk) => uses.map(({ pool }) => `storage/${pool}`),
      table: {
        'slow everywhere in the pool': { ifCause: 0.5, otherwise: 0.16 },
        'slow in every pool': { ifCause: 0.06, otherwise: 0.04 },
        'slow only with the properties of the dataset': { ifCause: 0.08, otherwise: 0.15 },
        'quick everywhere': { ifCause: 0.36, otherwise: 0.65 },
      },
    },
  ],
  mechanisms: ['zfs-txg-stalled', 'hung-tasks'],
  urgency: 'today',
  dataAtRisk: true,
  containment: ['Put off scrubs and backups that touch this disk: they make everything else wait for it.'],
  doNot: ['Do not pull a disk by its kernel name: names such as sdb change; go by the serial number.'],
  mitigations: [takeDiskOffline, replaceDisk, limitErrorRecovery],
  references: ['OpenZFS documentation: Troubleshooting', 'zpool-status(8), option -s', 'iostat(1)'],
  examples: {
    supporting: [
      {
        name: 'a lone disk is busy all the time with nine I/Os a second, and takes forty times as long as on average since the boot',
        given: {
          disks: { disks: [disk('sda')] },
          pace: { disks: [pace('sda', { latencyMs: 800, iosPerSecond: 9, bytesPerSecond: 80_000, completed: 36, utilisationPercent: 100, averageQueue: 8, timedReadMs: 700 })] },
          attribution: attributedTo('slower by itself', twoDisks[0]!.object),
        },
      },
      { name: 'reads by turns: one half takes 410 ms, the other 9 ms', given: { disks: { disks: twoDisks }, pace: { disks: [pace('sda', { utilisationPercent: 40 }), pace('sdb')] } }, found: [{ experiment: timedReadsByTurns, findings: [{ object: 'disk/ata-WDC_WD40EFRX-68N32N0_WD-A', outcome: 'unlike its siblings', says: '410 ms, siblings 9 ms' }, { object: 'disk/ata-WDC_WD40EFRX-68N32N0_WD-B', outcome: 'quick', says: '9 ms' }] }], object: 'disk/ata-WDC_WD40EFRX-68N32N0_WD-A', symptoms: ['disk-latency'], expect: 'identified' },
      {
        name: 'one half of a mirror takes twelve times as long, and an image is copied slowly to every dataset of the pool',
        given: { disks: { disks: twoDisks }, pace: { disks: [pace('sda', { latencyMs: 240, siblingsLatencyMs: 20, timesSiblings: 12 }), pace('sdb', { latencyMs: 20, siblingsLatencyMs: 240, timesSiblings: 0.08 })] } },
        found: [copied('slow everywhere in the pool')],
        object: 'disk/ata-WDC_WD40EFRX-68N32N0_WD-A',
        expect: 'identified',
      },
      {
        name: 'one half of a mirror takes twelve times as long',
        given: { disks: { disks: twoDisks }, pace: { disks: [pace('sda', { latencyMs: 240, siblingsLatencyMs: 20, timesSiblings: 12 }), pace('sdb', { latencyMs: 20, siblingsLatencyMs: 240, timesSiblings: 0.08 })] } },
        object: 'disk/ata-WDC_WD40EFRX-68N32N0_WD-A',
        expect: 'identified',
      },
      {
        name: 'small reads of an idle disk take half a second, those of the others 11 ms',
        given: { disks: { disks: twoDisks }, pace: { disks: [pace('sda', { timedReadMs: 480, othersTimedReadMs: 11, timesOthers: 44 }), pace('sdb', { timedReadMs: 11 })] } },
        symptoms: ['disk-latency'],
        expect: 'identified',
      },
      {
        name: 'a lone disk is busy all the time with nine I/Os a second',
        given: { disks: { disks: [disk('sda')] }, pace: { disks: [pace('sda', { latencyMs: 800, iosPerSecond: 9, bytesPerSecond: 80_000, completed: 36, utilisationPercent: 100, averageQueue: 8, timedReadMs: 700 })] } },
      },
    ],
    refuting: [
      { name: 'an I/O takes longer than on average since the boot, and nothing else speaks for it', given: { disks: { disks: twoDisks }, pace: { disks: [pace('sda'), pace('sdb')] }, attribution: attributedTo('slower by itself', twoDisks[0]!.object) } },
      {
        name: 'three times as slow as its sibling, while a guest brings forty times the work',
        given: { disks: { disks: twoDisks }, pace: { disks: [pace('sda', { latencyMs: 60, siblingsLatencyMs: 20, timesSiblings: 3 }), pace('sdb', { latencyMs: 20 })] }, attribution: attributedTo('brings more work', 'qemu/103') },
      },
      { name: 'synced writes take a second, but reads by turns are quick on both halves', given: { disks: { disks: twoDisks }, pace: { disks: [pace('sda'), pace('sdb')] } }, found: [{ experiment: timedReadsByTurns, findings: ['A', 'B'].map((letter) => ({ object: `disk/ata-WDC_WD40EFRX-68N32N0_WD-${letter}`, outcome: 'quick', says: '9 ms' })) }, { experiment: timedSyncedWrites, findings: [{ object: 'storage/tank', outcome: 'very slow', says: '1 s' }] }] },
      { name: 'the same data is written as quickly to this pool as to another', given: { disks: { disks: twoDisks }, pace: { disks: [pace('sda', { latencyMs: 90, siblingsLatencyMs: 85, timesSiblings: 1.06 })] } }, found: [{ experiment: otherStorage, findings: [{ object: 'storage/tank', outcome: 'it keeps up', says: '90 MB/s' }] }] },
      {
        name: 'both halves are equally slow under load',
        given: { disks: { disks: twoDisks }, pace: { disks: [pace('sda', { latencyMs: 90, siblingsLatencyMs: 85, timesSiblings: 1.06, utilisationPercent: 100 }), pace('sdb', { latencyMs: 85, siblingsLatencyMs: 90, timesSiblings: 0.94, utilisationPercent: 100 })] } },
      },
      {
        name: 'a rebuild: the new disk writes while the others read',
        given: { disks: { disks: twoDisks }, pace: { disks: [pace('sda', { latencyMs: 120, siblingsLatencyMs: 12 })] } },
        object: 'disk/ata-WDC_WD40EFRX-68N32N0_WD-A',
      },
      { name: 'a quick disk, many times slower than a quicker one', given: { disks: { disks: twoDisks }, pace: { disks: [pace('sda', { latencyMs: 4, siblingsLatencyMs: 0.4, timesSiblings: 10, timedReadMs: 9 })] } } },
      { name: 'an idle host', given: { disks: { disks: twoDisks }, pace: { disks: [pace('sda', { timedReadMs: 12 }), pace('sdb', { timedReadMs: 11 })] } } },
      {
        name: 'a solid-state disk that is busy with flushes',
        given: { disks: { disks: [disk('sda', { kind: 'ssd' })] }, pace: { disks: [pace('sda', { kind: 'ssd', latencyMs: 12, iosPerSecond: 120, bytesPerSecond: 900_000, utilisationPercent: 96, averageQueue: 1.4, flushPercent: 70, timedReadMs: 0.4 })] } },
      },
      {
        name: 'a solid-state disk that is busy with a large TRIM',
        given: { disks: { disks: [disk('sda', { kind: 'ssd' })] }, pace: { disks: [pace('sda', { kind: 'ssd', latencyMs: 900, iosPerSecond: 9, bytesPerSecond: 90_000, utilisationPercent: 100, averageQueue: 6, discardPercent: 180, timedReadMs: 60 })] } },
        symptoms: ['disk-latency'],
      },
      {
        name: 'small reads wait for the discards of a TRIM',
        given: { disks: { disks: [disk('sda', { kind: 'ssd' })] }, pace: { disks: [pace('sda', { kind: 'ssd', latencyMs: 29, utilisationPercent: 35, discardPercent: 35, timedReadMs: 1_900 })] } },
        symptoms: ['disk-latency'],
      },
    ],
  },
});
