import { defineHypothesis } from '../../define/hypothesis.ts';
import { optional } from '../../define/source.ts';
import busiestDatasets, { type BusiestDataset } from './busiest-datasets.fact.ts';
import { allListed, avxHidden, threads } from './crypto.samples.ts';
import { busyThreadsPercent } from './crypto-promise.ts';
import datasetProperties from './dataset-properties.experiment.ts';
import { busiestIs, triedProperties } from './experiment-findings.samples.ts';
import lowerCompression from './lower-compression.mitigation.ts';
import poolWrites, { type PoolWrites } from './pool-writes.fact.ts';
import zfsImplementations from './zfs-implementations.probe.ts';
import zfsThreads from './zfs-threads.fact.ts';

const enoughBytesPerSecond = 1e6;
/** Below this, a core manages more than 60 MB/s: most disks of a home or an office manage less. */
const costlyMsPerMegabyte = 16;
/** From this share of the time on, a disk may as well be what is waited for. */
const busyDiskPercent = 70;

/** gzip at any level, and zstd from its default level on: lz4, lzjb, zle and zstd-fast manage several hundred MB/s on each core (zfsprops(7), compression). */
function isCostly(compression: string): boolean {
  return /^(gzip(-\d)?|zstd(-\d{1,2})?)$/.test(compression) && !/^zstd-[12]$/.test(compression);
}

const msPerMegabyte = (totalPercent: number, bytesPerSecond: number): number => (totalPercent * 10) / (bytesPerSecond / 1e6);

interface Encrypting {
  readonly encryption: string;
}

/** Encryption without AVX, or by AES-CCM, keeps the same threads busy. */
function encryptsQuickly({ encryption }: Encrypting, gcm: readonly string[] | undefined): boolean {
  return encryption === 'off' || (encryption.endsWith('-gcm') && (gcm ?? []).some((one) => one.startsWith('avx')));
}

function writing(more: Partial<PoolWrites> = {}): { pools: PoolWrites[] } {
  return { pools: [{ object: 'storage/tank', pool: 'tank', datasetBytesPerSecond: 48e6, diskBytesPerSecond: 22e6, diskReadBytesPerSecond: 0, layoutFactor: 2, amplification: 0.3, busiestDiskPercent: 9, hasLog: false, raidz: false, ...more }] };
}
const compressing = (more: Partial<BusiestDataset> = {}) => busiestIs({ compression: 'zstd-12', writtenBytesPerSecond: 46e6, ...more });

export default defineHypothesis({
  id: 'zfs-compression-costly',
  subject: 'zfs',
  proven: 'documentation',
  title: 'Compression takes more processor time than there is',
  about: `ZFS compresses what is written in a few threads of its own. With lz4 that costs next to nothing; with gzip, and with the higher levels of zstd, a core manages a few ten MB/s. A stream of data then
keeps these threads busy all the time, the disks wait for them, and everybody else who writes to the pool waits as well: IO delay rises while no disk is busy. It looks like slow encryption, which happens
in the same threads. Nothing is broken: it is what the setting asks for.

To be sure by hand: \`zfs get compression,compressratio <dataset>\`; \`top -H\` shows threads z_wr_iss that compute all the time; writing the same data to a dataset with \`compression=lz4\` is several
times quicker.`,
  needs: { busiest: busiestDatasets, writes: poolWrites, threads: zfsThreads, zfs: optional(zfsImplementations) },
  objects: ({ busiest: { pools } }) => pools.filter(({ compression }) => isCostly(compression)),
  noObjects: 'no dataset that much is written to compresses with gzip, or with zstd at its default level or above',
  prior: 1 / 100,
  explains: { 'io-delay': 0.7, 'high-load': 0.5, 'cpu-pressure': 0.4, 'guest-slow': 0.3, 'disk-latency': 0.05 },
  evidence: [
    {
      outcome: ({ writes, threads: { writeIssue }, zfs }, { object, writtenBytesPerSecond, encryption }) => {
        const pool = writes.pools.find((one) => one.object === object);
        if (writtenBytesPerSecond < enoughBytesPerSecond) return 'little';
        if (writeIssue.totalPercent < busyThreadsPercent) return 'calm';
        if ((pool?.busiestDiskPercent ?? 0) >= busyDiskPercent) return 'disks busy as well';
        if (writtenBytesPerSecond < 0.5 * (pool?.datasetBytesPerSecond ?? writtenBytesPerSecond)) return 'busy with others';
        if (!encryptsQuickly({ encryption }, zfs?.gcm?.available)) return 'encrypts slowly, too';
        return msPerMegabyte(writeIssue.totalPercent, writtenBytesPerSecond) >= costlyMsPerMegabyte ? 'busy' : 'busy, with much data';
      },
      table: {
        busy: {
          ifCause: 0.7,
          otherwise: 0.0015,
          decisive: true,
          says: ({ threads: { writeIssue } }, { name, compression, writtenBytesPerSecond }) =>
            `${(writtenBytesPerSecond / 1e6).toFixed(1)} MB/s are written to ${name} and compressed with ${compression}; ZFS's threads that do it take ${writeIssue.totalPercent.toFixed(0)} % of one core's time, which is ${msPerMegabyte(writeIssue.totalPercent, writtenBytesPerSecond).toFixed(0)} ms for each MB.`,
        },
        'busy, with much data': {
          ifCause: 0.06,
          otherwise: 0.05,
          says: ({ threads: { writeIssue } }, { name, compression, writtenBytesPerSecond }) =>
            `${(writtenBytesPerSecond / 1e6).toFixed(0)} MB/s are written to ${name} and compressed with ${compression}, which takes ${writeIssue.totalPercent.toFixed(0)} % of one core's time: much data rather than costly compression.`,
        },
        'encrypts slowly, too': { ifCause: 0.14, otherwise: 0.06, says: (_, { compression }) => `ZFS's threads that write compute all the time, with compressing (${compression}) or with encrypting, which is slow here as well.` },
        'disks busy as well': { ifCause: 0.04, otherwise: 0.03, says: 'ZFS compresses all the time, but the disks are busy as well.' },
        'busy with others': { ifCause: 0.02, otherwise: 0.02, says: (_, { name }) => `ZFS's threads that write compute all the time, but most of the data goes elsewhere than to ${name}.` },
        calm: { ifCause: 0.02, otherwise: 0.3, says: (_, { writtenBytesPerSecond, compression }) => `${(writtenBytesPerSecond / 1e6).toFixed(1)} MB/s are compressed with ${compression} without a busy thread.` },
        little: { ifCause: 0.02, otherwise: 0.5385, says: (_, { name }) => `Hardly anything is written to ${name} at the moment.` },
      },
      excerpt: ({ threads: { writeIssue } }, { name, compression, encryption, writtenBytesPerSecond }) => `${name}: compression=${compression} encryption=${encryption} written ${Math.round(writtenBytesPerSecond)} bytes/s; z_wr_iss ${writeIssue.totalPercent.toFixed(0)} %`,
    },
  ],
  tested: [
    {
      experiment: datasetProperties,
      about: (_, { object }) => [object],
      table: {
        'compression costs much': { ifCause: 0.85, otherwise: 0.1 },
        'no property costs much': { ifCause: 0.05, otherwise: 0.6 },
      },
    },
  ],
  ruledOut: [
    {
      when: ({ threads: { writeIssue } }, { writtenBytesPerSecond }) => writtenBytesPerSecond >= 20e6 && writeIssue.totalPercent < 30,
      says: ({ threads: { writeIssue } }, { writtenBytesPerSecond }) => `${(writtenBytesPerSecond / 1e6).toFixed(0)} MB/s are compressed with ${writeIssue.totalPercent.toFixed(0)} % of one core`,
    },
  ],
  broughtBy: ['storage-settings', 'guest'],
  mechanisms: ['zfs-txg-stalled', 'cpu-saturated'],
  urgency: 'window',
  dataAtRisk: false,
  containment: ['Put off large copies to this dataset: they make everything else on the pool wait.'],
  doNot: ['Do not replace disks for this: they wait for the processors.'],
  mitigations: [lowerCompression],
  references: ['zfsprops(7), compression', 'openzfs-docs Workload Tuning, Compression', 'openzfs/zfs module/zfs/spa.c, zio_taskqs'],
  examples: {
    supporting: [
      { name: 'a copy to a dataset with zstd-12', given: { busiest: compressing(), writes: writing(), threads: threads(185), zfs: allListed }, object: 'storage/tank', symptoms: ['io-delay'], expect: 'identified' },
      { name: 'gzip-9, encrypted with AVX in use', given: { busiest: compressing({ compression: 'gzip-9', encryption: 'aes-256-gcm' }), writes: writing(), threads: threads(96), zfs: allListed }, object: 'storage/tank', symptoms: ['io-delay'], expect: 'identified' },
      { name: 'the default level on a small processor, and the same data is quick with lz4', given: { busiest: compressing({ compression: 'zstd' }), writes: writing(), threads: threads(92) }, found: [triedProperties('compression costs much')], object: 'storage/tank', symptoms: ['io-delay'], expect: 'identified' },
    ],
    refuting: [
      { name: 'lz4', given: { busiest: compressing({ compression: 'lz4' }), writes: writing(), threads: threads(96) }, expect: 'ruled-out' },
      { name: 'zstd-fast', given: { busiest: compressing({ compression: 'zstd-fast-1' }), writes: writing(), threads: threads(96) }, expect: 'ruled-out' },
      { name: 'zstd on a processor that does it beside other things', given: { busiest: compressing({ compression: 'zstd' }), writes: writing(), threads: threads(24) }, expect: 'ruled-out' },
      { name: 'an archive with zstd on a large host, written at full speed', given: { busiest: compressing({ compression: 'zstd', writtenBytesPerSecond: 900e6 }), writes: writing({ datasetBytesPerSecond: 920e6, diskBytesPerSecond: 700e6, busiestDiskPercent: 40 }), threads: threads(410), zfs: allListed } },
      { name: 'an archive with gzip-9 that lies idle', given: { busiest: compressing({ compression: 'gzip-9', writtenBytesPerSecond: 2e4 }), writes: writing({ datasetBytesPerSecond: 2e4 }), threads: threads(1) } },
      { name: 'another dataset gets most of the data', given: { busiest: compressing({ writtenBytesPerSecond: 4e6 }), writes: writing(), threads: threads(96) } },
      { name: 'encryption without AVX, which keeps the same threads busy', given: { busiest: compressing({ compression: 'zstd', encryption: 'aes-256-gcm' }), writes: writing(), threads: threads(97), zfs: avxHidden } },
      { name: 'slow disks below a compressed dataset', given: { busiest: compressing({ compression: 'zstd' }), writes: writing({ busiestDiskPercent: 99 }), threads: threads(75) } },
      { name: 'the same data is as slow with another compression', given: { busiest: compressing({ compression: 'zstd', encryption: 'aes-256-ccm' }), writes: writing(), threads: threads(97) }, found: [triedProperties('no property costs much')] },
    ],
  },
});
