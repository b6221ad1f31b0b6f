import { defineHypothesis } from '../../define/hypothesis.ts';
import busiestDatasets from './busiest-datasets.fact.ts';
import datasetProperties from './dataset-properties.experiment.ts';
import { busiestIs, triedProperties } from './experiment-findings.samples.ts';
import { isTried } from './property-trials.ts';
import { optional } from '../../define/source.ts';
import { bytesText } from '../../lib/host-text.ts';
import runningTasks from '../guests/running-tasks.probe.ts';
import addLogDevice from './add-log-device.mitigation.ts';
import matchBlockSize from './match-block-size.mitigation.ts';
import poolWrites, { type PoolWrites } from './pool-writes.fact.ts';
import { isScanning } from './pool-scan.ts';
import { scanning, zpool } from './zpool.samples.ts';
import zpools from './zpools.fact.ts';

const busyPercent = 70;
/** A mechanical disk under small writes to random places does no more than some MB/s, and has then no time left. */
const manyBytesPerSecond = 3e6;
const smallVolumeBlockBytes = 16_384;

/** Why more is written than need be, in words. */
function reasonsOf({ raidz, mostWritten, syncPercent, hasLog }: PoolWrites): string[] {
  const reasons: string[] = [];
  const block = mostWritten?.blockSizeBytes;
  if (raidz && mostWritten?.isVolume === true && block !== undefined && block <= smallVolumeBlockBytes) {
    reasons.push(`most of it goes to volume ${mostWritten.name} with blocks of ${bytesText(block)} on RAID-Z, each of which gets parity and padding of its own`);
  }
  if (mostWritten !== undefined && block !== undefined && mostWritten.meanWriteBytes < block / 4) {
    reasons.push(`a write to ${mostWritten.name} has ${bytesText(mostWritten.meanWriteBytes)}, but its blocks have ${bytesText(block)} and are written as a whole`);
  }
  if (!hasLog && syncPercent !== undefined && syncPercent >= 50) reasons.push(`${syncPercent.toFixed(0)} % of it is synchronous and goes to the same disks twice, for the pool has no log device`);
  return reasons;
}

/** Copies that `zfs receive` writes, and rebuilds, are written to the disks but not counted by dataset. */
function isUncounted(copying: readonly { readonly name: string }[] | undefined): boolean {
  return (copying ?? []).some((one) => /^zfs rec(?:v|eive)$/.test(one.name));
}

function writing(more: Partial<PoolWrites> = {}): { pools: PoolWrites[] } {
  const small = { name: 'tank/vm-100-disk-0', meanWriteBytes: 6_000, isVolume: true, blockSizeBytes: 8_192 };
  return {
    pools: [{ object: 'storage/tank', pool: 'tank', datasetBytesPerSecond: 5e6, diskBytesPerSecond: 75e6, diskReadBytesPerSecond: 2e6, layoutFactor: 1.5, amplification: 10, amplificationSinceBoot: 7, busiestDiskPercent: 97, hasLog: false, raidz: true, syncPercent: 80, mostWritten: small, ...more }],
  };
}

const well = { name: 'tank/files', meanWriteBytes: 131_072, isVolume: false, blockSizeBytes: 131_072 };

export default defineHypothesis({
  id: 'zfs-write-amplification',
  subject: 'zfs',
  proven: 'documentation',
  title: 'A pool writes many times what is written to it',
  about: `ZFS writes whole blocks, each with its own parity and metadata. Small writes to large blocks (4 KiB of a database in records of 128 KiB), small volume blocks on a wide RAID-Z, and synchronous
writes to a pool without a log device (which are written twice) make the disks write five or ten times as much as the guests do. Disks that would be quick enough are then busy all the time, and SSDs wear out
early. Measured here are the bytes that went to the datasets and those that the pool's disks wrote, without what a mirror or parity makes anyhow; both within the look and since the boot, for one
alone is misled by bursts.

To be sure by hand: compare \`zpool iostat -v <pool> 10\` with \`iostat -x 10\` inside the guests; \`zfs get volblocksize,recordsize\`; \`zpool status\` for a log device.`,
  needs: { writes: poolWrites, zpools, running: optional(runningTasks), busiest: optional(busiestDatasets) },
  objects: ({ writes: { pools } }) => pools,
  noObjects: 'no ZFS pool has disks of its own whose writes could be compared',
  prior: 1 / 150,
  explains: { 'disk-latency': 0.7, 'io-delay': 0.7, 'guest-slow': 0.4, 'high-load': 0.2 },
  evidence: [
    {
      outcome: ({ running, zpools: { pools } }, { pool, amplification, amplificationSinceBoot = 0, diskBytesPerSecond, diskReadBytesPerSecond, busiestDiskPercent }) => {
        if (isUncounted(running?.copying) || isScanning(pools.find((one) => one.name === pool)?.status, 'resilver')) return 'not to be measured now';
        if (amplification === undefined || diskBytesPerSecond < manyBytesPerSecond) return 'little';
        if (amplification < 5) return amplification < 3 ? 'low' : 'moderate';
        if (busiestDiskPercent < busyPercent) return 'high, disks idle';
        if (diskReadBytesPerSecond > diskBytesPerSecond) return 'high, disks read';
        return amplificationSinceBoot >= 3 ? 'high' : 'high now';
      },
      table: {
        high: {
          ifCause: 0.75,
          otherwise: 0.002,
          decisive: true,
          says: (_, { pool, amplification = 0, amplificationSinceBoot = 0, datasetBytesPerSecond, diskBytesPerSecond, layoutFactor }) =>
            `${(datasetBytesPerSecond / 1e6).toFixed(1)} MB/s are written to pool ${pool}, and its disks write ${(diskBytesPerSecond / 1e6).toFixed(1)} MB/s: ${amplification.toFixed(1)} times what its layout needs (which is ${layoutFactor.toFixed(1)} times), and since the boot ${amplificationSinceBoot.toFixed(1)} times.`,
        },
        'high now': {
          ifCause: 0.12,
          otherwise: 0.04,
          says: (_, { amplification = 0 }) => `The disks write ${amplification.toFixed(1)} times what the layout needs just now, but not so since the boot: it may be the rest of an earlier burst.`,
        },
        moderate: { ifCause: 0.07, otherwise: 0.1, says: (_, { amplification = 0 }) => `The disks write ${amplification.toFixed(1)} times what the layout needs.` },
        'high, disks read': { ifCause: 0.005, otherwise: 0.01, says: (_, { amplification = 0 }) => `The disks write ${amplification.toFixed(1)} times what the layout needs, but read more than that.` },
        'high, disks idle': { ifCause: 0.015, otherwise: 0.02, says: (_, { amplification = 0, busiestDiskPercent }) => `The disks write ${amplification.toFixed(1)} times what the layout needs, but are busy only ${busiestDiskPercent.toFixed(0)} % of the time.` },
        low: { ifCause: 0.02, otherwise: 0.4, says: (_, { amplification = 0 }) => `The disks write ${amplification.toFixed(1)} times what the layout needs, which is little.` },
        little: { ifCause: 0.02, otherwise: 0.428, says: 'Little is written to the pool at the moment.' },
      },
      excerpt: (_, { datasetBytesPerSecond, diskBytesPerSecond, layoutFactor }) => `to datasets ${Math.round(datasetBytesPerSecond)} bytes/s, by disks ${Math.round(diskBytesPerSecond)} bytes/s, layout ${layoutFactor.toFixed(2)}`,
      group: 'measured',
    },
    {
      when: (_, one) => reasonsOf(one).length > 0,
      likelihood: { ifCause: 0.85, otherwise: 0.25 },
      says: (_, one) => `The reason can be seen: ${reasonsOf(one).join('; ')}.`,
      group: 'reasons',
    },
  ],
  tested: [
    {
      experiment: datasetProperties,
      about: ({ busiest }, { object }) => (isTried(busiest, object, ['block size', 'copies', 'logbias']) ? [object] : []),
      table: {
        'the block size costs much': { ifCause: 0.65, otherwise: 0.2 },
        'copies cost much': { ifCause: 0.06, otherwise: 0.03 },
        'bypassing the log costs much': { ifCause: 0.03, otherwise: 0.02 },
        'no property costs much': { ifCause: 0.15, otherwise: 0.6 },
      },
    },
  ],
  broughtBy: ['storage-settings', 'pool', 'guest'],
  mechanisms: ['disk-saturated', 'zfs-txg-stalled'],
  urgency: 'window',
  dataAtRisk: false,
  doNot: ['Do not set sync=disabled to hide it: the last seconds are lost when power fails.'],
  mitigations: [matchBlockSize, addLogDevice],
  references: ['openzfs-docs Workload Tuning', 'zfsprops(7), recordsize and volblocksize', 'pve-docs local-zfs.adoc, RAID level considerations'],
  examples: {
    supporting: [
      {
        name: 'a VM writes 4 KiB to blocks of 128 KiB, and smaller blocks would be quicker',
        given: { writes: writing({ mostWritten: { name: 'tank/vm-100-disk-0', meanWriteBytes: 4_096, isVolume: true, blockSizeBytes: 131_072 } }), zpools: zpool(), busiest: busiestIs({ blockSizeBytes: 131_072, meanWriteBytes: 4_096 }) },
        found: [triedProperties('the block size costs much')],
        object: 'storage/tank',
        symptoms: ['disk-latency', 'io-delay'],
        expect: 'identified',
      },
      { name: 'a database on one mechanical disk, which can do no more', given: { writes: writing({ datasetBytesPerSecond: 2.5e5, diskBytesPerSecond: 8e6, diskReadBytesPerSecond: 1e5, layoutFactor: 1, amplification: 32, amplificationSinceBoot: 6.5, raidz: false, busiestDiskPercent: 86, mostWritten: { name: 'tank/database', meanWriteBytes: 4_096, isVolume: false, blockSizeBytes: 131_072 } }), zpools: zpool() }, object: 'storage/tank', symptoms: ['io-delay'], expect: 'identified' },
      { name: 'volumes of 8 KiB on RAID-Z, and the disks are busy', given: { writes: writing(), zpools: zpool() }, object: 'storage/tank', symptoms: ['disk-latency', 'io-delay'], expect: 'identified' },
      {
        name: 'a database in records of 128 KiB on a mirror',
        given: { writes: writing({ raidz: false, layoutFactor: 2, amplification: 8, diskBytesPerSecond: 80e6, syncPercent: undefined, mostWritten: { name: 'tank/db', meanWriteBytes: 8_192, isVolume: false, blockSizeBytes: 131_072 } }), zpools: zpool() },
        symptoms: ['disk-latency'],
      },
    ],
    refuting: [
      {
        name: 'small writes to large blocks, which cost nothing on these disks',
        given: { writes: writing({ amplification: 4, amplificationSinceBoot: 3 }), zpools: zpool(), busiest: busiestIs({ blockSizeBytes: 131_072, meanWriteBytes: 4_096 }) },
        found: [triedProperties('no property costs much')],
      },
      { name: 'a copy of large files at full speed', given: { writes: writing({ datasetBytesPerSecond: 200e6, diskBytesPerSecond: 310e6, amplification: 1.03, amplificationSinceBoot: 1.1, syncPercent: 0, mostWritten: well }), zpools: zpool() } },
      { name: 'the rest of a burst that ended as the look began', given: { writes: writing({ datasetBytesPerSecond: 2e6, diskBytesPerSecond: 300e6, amplification: 100, amplificationSinceBoot: 1.2, syncPercent: 0, mostWritten: well }), zpools: zpool() } },
      { name: 'a replica is received', given: { writes: writing(), zpools: zpool(), running: { tasks: [], copying: [{ pid: 9, name: 'zfs receive', state: 'S', elapsedSeconds: 600 }] } } },
      { name: 'a rebuild', given: { writes: writing(), zpools: zpool({ status: scanning('resilver', 'running') }) } },
      { name: 'many files are read, and the times of access are written', given: { writes: writing({ datasetBytesPerSecond: 2e5, diskBytesPerSecond: 4e6, diskReadBytesPerSecond: 60e6, amplification: 13, syncPercent: 0, mostWritten: well }), zpools: zpool() } },
      { name: 'quick disks do not mind', given: { writes: writing({ busiestDiskPercent: 12 }), zpools: zpool() } },
      { name: 'an idle pool', given: { writes: writing({ datasetBytesPerSecond: 2e4, diskBytesPerSecond: 3e5, amplification: undefined }), zpools: zpool() } },
    ],
  },
});
