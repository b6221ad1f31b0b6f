import { defineHypothesis } from '../../define/hypothesis.ts';
import imageCopy from '../zfs/image-copy.experiment.ts';
import { copied } from '../zfs/experiment-findings.samples.ts';
import diskComparison, { type DiskPace } from './disk-comparison.fact.ts';
import { disk, nvmeDisk, paceOfDisk as pace, twoDisks } from './disk-examples.ts';
import { busyBytesPerSecond, byName, fullQueue, latencyLimitMs, leastIosPerSecond, ms } from './disk-limits.ts';
import disks, { type Disk } from './disks.fact.ts';
import spreadDiskLoad from './spread-disk-load.mitigation.ts';
import timedReadsByTurns from './timed-reads-by-turns.experiment.ts';
import otherStorage from './other-storage.experiment.ts';
import { storagesOf } from './storages-of-disk.ts';

function load(pace: DiskPace | undefined): string {
  if (pace === undefined || pace.stalled) return 'not measured';
  if (pace.utilisationPercent < 60) return 'free';
  const works = pace.iosPerSecond >= leastIosPerSecond[pace.kind] || pace.bytesPerSecond >= busyBytesPerSecond;
  const waits = pace.averageQueue >= fullQueue[pace.kind] && (pace.latencyMs ?? 0) >= latencyLimitMs[pace.kind] / 4;
  if (pace.utilisationPercent >= 90 && works && waits) return 'saturated';
  return pace.utilisationPercent >= 90 ? 'busy' : 'in use';
}

export default defineHypothesis({
  id: 'disk-saturated',
  subject: 'disk',
  role: 'mechanism',
  proven: 'documentation',
  title: 'A disk works at its limit',
  about: `The disk is busy all the time, a queue stands before it, and it gets done what a disk of its kind can: 75 to 200 random I/Os a second for a mechanical disk, many
thousands for a solid-state disk. It is healthy; it is asked for too much. Who asks is the real question: a backup, a scrub or rebuild, one guest, swapping, a job that grew.

For disks that work in parallel (solid-state, NVMe, RAID volumes, virtual disks) "100 % busy" alone says little, so the queue and the time of an I/O must be high as well.
By hand: \`iostat -x 5\` (%util, aqu-sz, await), \`iotop -oPa\`, \`zpool iostat -vq 5\`.`,
  needs: { disks, pace: diskComparison },
  objects: ({ disks: { disks: list } }) => list,
  noObjects: 'this host shows no disk of its own',
  prior: 1 / 20,
  explains: { 'disk-latency': 0.9, 'io-delay': 0.8, 'high-load': 0.4, 'guest-slow': 0.5 },
  evidence: [
    {
      outcome: ({ pace: { disks: list } }, disk: Disk) => load(byName(list, disk)),
      table: {
        saturated: {
          ifCause: 0.9,
          otherwise: 0.004,
          decisive: true,
          says: ({ pace: { disks: list } }, disk) => {
            const own = byName(list, disk);
            return `${disk.label} is busy ${own?.utilisationPercent.toFixed(0)} % of the time with ${own?.iosPerSecond.toFixed(0)} I/Os and ${((own?.bytesPerSecond ?? 0) / 1e6).toFixed(1)} MB a second; ${own?.averageQueue.toFixed(1)} wait on average, ${ms(own?.latencyMs)} each.`;
          },
        },
        busy: { ifCause: 0.08, otherwise: 0.1, says: 'The disk is busy all the time, but what is asked of it is answered quickly or hardly waits.' },
        'in use': { ifCause: 0.01, otherwise: 0.15, says: ({ pace: { disks: list } }, disk) => `The disk is busy ${byName(list, disk)?.utilisationPercent.toFixed(0)} % of the time.` },
        free: { ifCause: 0.005, otherwise: 0.7, says: ({ pace: { disks: list } }, disk) => `The disk has time left: it is busy ${byName(list, disk)?.utilisationPercent.toFixed(0)} % of the time.` },
      },
      excerpt: ({ pace: { disks: list } }, disk) => `${disk.name}: ${byName(list, disk)?.utilisationPercent.toFixed(0)} % busy, queue ${byName(list, disk)?.averageQueue.toFixed(1)}`,
    },
  ],
  tested: [
    {
      experiment: timedReadsByTurns,
      about: (_, { object }) => [object],
      table: {
        'slow under much work': { ifCause: 0.45, otherwise: 0.03 },
        'slow with little to do': { ifCause: 0.01, otherwise: 0.012 },
        'unlike its siblings': { ifCause: 0.02, otherwise: 0.012 },
        'quick': { ifCause: 0.45, otherwise: 0.93 },
      },
    },
    {
      experiment: otherStorage,
      about: (_, disk) => storagesOf(disk),
      table: {
        'only this storage is slow': { ifCause: 0.45, otherwise: 0.04 },
        'both are slow': { ifCause: 0.1, otherwise: 0.04 },
        'it keeps up': { ifCause: 0.45, otherwise: 0.92 },
      },
    },
    {
      experiment: imageCopy,
      about: (_, { uses }: Disk) => uses.map(({ pool }) => `storage/${pool}`),
      table: {
        'slow everywhere in the pool': { ifCause: 0.5, otherwise: 0.12 },
        'slow in every pool': { ifCause: 0.06, otherwise: 0.04 },
        'slow only with the properties of the dataset': { ifCause: 0.08, otherwise: 0.15 },
        'quick everywhere': { ifCause: 0.36, otherwise: 0.65 },
      },
    },
  ],
  ruledOut: [
    {
      when: ({ pace: { disks: list } }, disk) => (byName(list, disk)?.utilisationPercent ?? 100) < 60,
      says: ({ pace: { disks: list } }, disk) => `${disk.name} is busy only ${byName(list, disk)?.utilisationPercent.toFixed(0)} % of the time`,
    },
  ],
  mechanisms: ['zfs-txg-stalled'],
  urgency: 'window',
  dataAtRisk: false,
  containment: ['Pause what can wait: a scrub (`zpool scrub -p <pool>`), a backup job, a copy.'],
  mitigations: [spreadDiskLoad],
  references: ['iostat(1)', 'Linux admin-guide/iostats'],
  examples: {
    supporting: [
      { name: 'reads of our own wait in a full queue', given: { disks: { disks: [disk('sda')] }, pace: { disks: [pace('sda', { latencyMs: 48, utilisationPercent: 100, averageQueue: 9, iosPerSecond: 180 })] } }, found: [{ experiment: timedReadsByTurns, findings: [{ object: 'disk/ata-WDC_WD40EFRX-68N32N0_WD-A', outcome: 'slow under much work', says: '190 ms, 160 other I/Os a second' }] }], expect: 'identified' },
      {
        name: 'a mechanical disk under a scrub, and an image is copied slowly to every dataset of the pool',
        given: { disks: { disks: twoDisks }, pace: { disks: [pace('sda', { latencyMs: 48, utilisationPercent: 100, averageQueue: 9, iosPerSecond: 180 })] } },
        found: [copied('slow everywhere in the pool')],
        object: 'disk/ata-WDC_WD40EFRX-68N32N0_WD-A',
        expect: 'identified',
      },
      {
        name: 'two mechanical disks under a scrub',
        given: { disks: { disks: twoDisks }, pace: { disks: [pace('sda', { latencyMs: 48, utilisationPercent: 100, averageQueue: 9, iosPerSecond: 180 })] } },
        object: 'disk/ata-WDC_WD40EFRX-68N32N0_WD-A',
        expect: 'identified',
      },
      { name: 'an NVMe disk with a long queue', given: { disks: { disks: [nvmeDisk('nvme0n1')] }, pace: { disks: [pace('nvme0n1', { latencyMs: 9, utilisationPercent: 100, averageQueue: 60, iosPerSecond: 6_000 })] } } },
    ],
    refuting: [
      { name: 'a disk in use that answers at once', given: { disks: { disks: [disk('sda')] }, pace: { disks: [pace('sda', { latencyMs: 12, utilisationPercent: 92, averageQueue: 1, iosPerSecond: 80 })] } }, found: [{ experiment: timedReadsByTurns, findings: [{ object: 'disk/ata-WDC_WD40EFRX-68N32N0_WD-A', outcome: 'quick', says: '12 ms' }] }] },
      { name: 'an NVMe disk that is always busy and always quick', given: { disks: { disks: [nvmeDisk('nvme0n1')] }, pace: { disks: [pace('nvme0n1', { latencyMs: 0.2, utilisationPercent: 100, averageQueue: 3, iosPerSecond: 15_000 })] } } },
      { name: 'a disk that crawls is not at the limit of its kind', given: { disks: { disks: [disk('sda')] }, pace: { disks: [pace('sda', { latencyMs: 800, iosPerSecond: 9, bytesPerSecond: 80_000, utilisationPercent: 100, averageQueue: 8 })] } } },
      { name: 'an idle disk', given: { disks: { disks: [disk('sda')] }, pace: { disks: [pace('sda')] } }, expect: 'ruled-out' },
    ],
  },
});
