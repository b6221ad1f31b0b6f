import { defineHypothesis } from '../../define/hypothesis.ts';
import { optional } from '../../define/source.ts';
import blockQueues from './block-queues.probe.ts';
import diskComparison from './disk-comparison.fact.ts';
import { disk, paceOfDisk as pace, smartOf } from './disk-examples.ts';
import { byName, ms } from './disk-limits.ts';
import disks, { type Disk } from './disks.fact.ts';
import replaceWithConventionalDisk from './replace-with-conventional-disk.mitigation.ts';
import { shingledFamily } from './smr-models.ts';
import smart from './smart.probe.ts';
import spreadDiskLoad from './spread-disk-load.mitigation.ts';
import timedReadsByTurns from './timed-reads-by-turns.experiment.ts';
import timedSyncedWrites from './timed-synced-writes.experiment.ts';
import otherStorage from './other-storage.experiment.ts';
import { storagesOf } from './storages-of-disk.ts';

const model = 'WDC WD40EFAX-68JH4N1';
const red = (name: string): Disk => disk(name, { model });
const slowWrites = pace('sda', { latencyMs: 900, writeLatencyMs: 1_400, utilisationPercent: 100 });

export default defineHypothesis({
  id: 'smr-drive',
  subject: 'disk',
  proven: 'documentation',
  title: 'A shingled (SMR) disk cannot keep up with random writes',
  about: `Shingled disks write overlapping tracks, like roof tiles. A small conventional zone takes writes at first; when it is full, each write forces the disk to rewrite a whole band, and a single
write takes seconds. Backups, rebuilds and virtual machines fill that zone quickly. The makers sold such disks for years without saying so (WD Red EFAX of 2 to 6 TB, WD Blue, Seagate BarraCuda and Archive,
Toshiba P300 and L200). A rebuild onto one may take days or throw the disk out.

To be sure by hand: the model number (\`smartctl -i /dev/<disk>\`) against the maker's list, and \`iostat -x 5\` (w_await of hundreds of milliseconds after some minutes of writing). A mechanical disk that supports TRIM is nearly always shingled.`,
  needs: { disks, pace: diskComparison, smart: optional(smart), queues: optional(blockQueues) },
  objects: ({ disks: { disks: list } }) => list.filter((disk) => disk.kind === 'hdd'),
  noObjects: 'this host has no mechanical disk of its own',
  prior: 1 / 300,
  explains: { 'disk-latency': 0.8, 'io-delay': 0.7, 'high-load': 0.3, 'guest-slow': 0.5 },
  evidence: [
    {
      outcome: ({ smart: read, queues }, disk: Disk) => {
        if (shingledFamily(disk.model) !== undefined) return 'listed';
        const said = read?.disks.find((one) => one.device === disk.name);
        if (said?.zonedCapability === 'device_managed') return 'says so';
        // A volume of a storage box or of a virtual machine is often called mechanical and can unmap, which is no TRIM of a disk.
        const isAta = disk.transport === 'sata' || disk.transport === 'ata' || disk.object.startsWith('disk/ata-');
        const trims = said?.trimSupported === true || (isAta && (byName(queues?.queues ?? [], disk)?.discardMaxBytes ?? 0) > 0);
        return trims ? 'trims' : disk.model === undefined ? 'unknown' : 'not listed';
      },
      table: {
        'listed': { ifCause: 0.85, otherwise: 0.02, decisive: true, says: (_, disk) => `This model is shingled (${shingledFamily(disk.model)}): ${disk.label}.` },
        'says so': { ifCause: 0.05, otherwise: 0.0005, decisive: true, says: (_, disk) => `The disk itself says that it is shingled: ${disk.label}.` },
        'trims': { ifCause: 0.05, otherwise: 0.003, says: 'It is a mechanical disk with TRIM, as only shingled ones have.' },
        'not listed': { ifCause: 0.05, otherwise: 0.95, says: 'This model is not known to be shingled.' },
      },
      group: 'model',
    },
    {
      outcome: ({ pace: { disks: list } }, disk) => {
        const own = byName(list, disk);
        if (own === undefined) return 'not measured';
        if (own.stalled) return 'stalled';
        if (own.writeLatencyMs === undefined) return 'few writes';
        return own.writeLatencyMs >= 150 ? 'very slow' : own.writeLatencyMs >= 80 ? 'slow' : 'normal';
      },
      table: {
        'stalled': { ifCause: 0.2, otherwise: 0.005, says: 'I/Os were waiting during the whole window, and none ended.' },
        'very slow': { ifCause: 0.55, otherwise: 0.01, says: ({ pace: { disks: list } }, disk) => `A write takes ${ms(byName(list, disk)?.writeLatencyMs)}.` },
        'slow': { ifCause: 0.1, otherwise: 0.05, says: ({ pace: { disks: list } }, disk) => `A write takes ${ms(byName(list, disk)?.writeLatencyMs)}.` },
        'normal': { ifCause: 0.05, otherwise: 0.45, says: ({ pace: { disks: list } }, disk) => `A write takes ${ms(byName(list, disk)?.writeLatencyMs)}, which is normal.` },
        'few writes': { ifCause: 0.05, otherwise: 0.5, says: 'Hardly anything is written to it.' },
      },
      group: 'writes',
    },
  ],
  tested: [
    {
      experiment: timedReadsByTurns,
      about: (_, { object }) => [object],
      table: {
        'slow with little to do': { ifCause: 0.25, otherwise: 0.004 },
        'unlike its siblings': { ifCause: 0.1, otherwise: 0.004 },
        'as slow as its siblings': { ifCause: 0.1, otherwise: 0.006 },
        'quick': { ifCause: 0.45, otherwise: 0.92 },
      },
    },
    {
      experiment: timedSyncedWrites,
      about: (_, disk) => storagesOf(disk),
      table: {
        'very slow': { ifCause: 0.4, otherwise: 0.01 },
        'slow': { ifCause: 0.2, otherwise: 0.06 },
        'slower than its like': { ifCause: 0.1, otherwise: 0.02 },
        'quick': { ifCause: 0.22, otherwise: 0.88 },
        'no answer': { ifCause: 0.05, otherwise: 0.005 },
      },
    },
    {
      experiment: otherStorage,
      about: (_, disk) => storagesOf(disk),
      table: {
        'only this storage is slow': { ifCause: 0.4, otherwise: 0.03 },
        'both are slow': { ifCause: 0.06, otherwise: 0.04 },
        'it keeps up': { ifCause: 0.54, otherwise: 0.93 },
      },
    },
  ],
  mechanisms: ['disk-saturated', 'zfs-txg-stalled'],
  urgency: 'window',
  dataAtRisk: false,
  containment: ['Let the disk rest: after some minutes or hours without writes it has tidied up and is quick again.'],
  doNot: ['Do not rebuild a pool onto another shingled disk.'],
  mitigations: [replaceWithConventionalDisk, spreadDiskLoad],
  references: ['smartmontools ticket 1313', 'Western Digital: list of SMR and CMR models (2020)'],
  examples: {
    supporting: [
      { name: 'a WD Red EFAX between two backups: commits take two seconds', given: { disks: { disks: [red('sda')] }, pace: { disks: [pace('sda', { latencyMs: 90, writeLatencyMs: 100 })] } }, found: [{ experiment: timedSyncedWrites, findings: [{ object: 'storage/tank', outcome: 'very slow', says: '2 s' }] }], symptoms: ['disk-latency', 'io-delay'], expect: 'identified' },
      { name: 'a WD Red EFAX whose writes take more than a second', given: { disks: { disks: [red('sda')] }, pace: { disks: [slowWrites] } }, symptoms: ['disk-latency', 'io-delay'], expect: 'identified' },
      { name: 'a mechanical disk of an unknown model with TRIM and very slow writes', given: { disks: { disks: [disk('sda', { model: 'EXAMPLE 5000' })] }, pace: { disks: [slowWrites] }, smart: { notAsked: 0, disks: [smartOf('sda', { trimSupported: true })] } }, symptoms: ['disk-latency', 'io-delay', 'guest-slow'] },
    ],
    refuting: [
      { name: 'a shingled disk whose commits are quick', given: { disks: { disks: [red('sda')] }, pace: { disks: [pace('sda', { writeLatencyMs: 9 })] } }, found: [{ experiment: timedSyncedWrites, findings: [{ object: 'storage/tank', outcome: 'quick', says: '15 ms' }] }] },
      { name: 'a shingled disk at rest', given: { disks: { disks: [red('sda')] }, pace: { disks: [pace('sda')] } } },
      { name: 'a shingled disk that is only read in a scrub', given: { disks: { disks: [red('sda')] }, pace: { disks: [pace('sda', { latencyMs: 45, utilisationPercent: 100 })] } }, symptoms: ['io-delay'] },
      { name: 'a conventional disk with slow writes', given: { disks: { disks: [disk('sda')] }, pace: { disks: [slowWrites] } }, symptoms: ['disk-latency', 'io-delay'] },
      {
        name: 'a thin volume of a storage box that can unmap, and is slow',
        given: {
          disks: { disks: [disk('sda', { model: 'VIRTUAL-DISK', transport: 'fc', object: 'disk/scsi-3600508b1001c0001' })] },
          pace: { disks: [slowWrites] },
          queues: { queues: [{ name: 'sda', discardMaxBytes: 1_073_741_824 }] },
        },
        symptoms: ['disk-latency', 'io-delay', 'guest-slow'],
      },
      { name: 'solid-state disks only', given: { disks: { disks: [disk('sda', { kind: 'ssd' })] }, pace: { disks: [slowWrites] } }, expect: 'ruled-out' },
    ],
  },
});
