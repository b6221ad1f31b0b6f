import { defineHypothesis } from '../../define/hypothesis.ts';
import { optional } from '../../define/source.ts';
import busiestDatasets from './busiest-datasets.fact.ts';
import encryptedAgainstPlain from './encrypted-against-plain.experiment.ts';
import { busiestIs, copied } from './experiment-findings.samples.ts';
import imageCopy from './image-copy.experiment.ts';
import { busyThreadsPercent } from './crypto-promise.ts';
import { pool, threads } from './crypto.samples.ts';
import encryptedPools from './encrypted-pools.fact.ts';
import moveToGcmDataset from './move-to-gcm-dataset.mitigation.ts';
import zfsThreads from './zfs-threads.fact.ts';

interface Traffic {
  readonly readBytesPerSecond?: number | undefined;
  readonly writtenBytesPerSecond?: number | undefined;
}

function bytesOf(traffic: Traffic | undefined): number {
  return (traffic?.readBytesPerSecond ?? 0) + (traffic?.writtenBytesPerSecond ?? 0);
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB/s`;

function ccmPool(ccmBytes: number, allBytes = ccmBytes) {
  return { pools: [{ ...pool({ writtenBytesPerSecond: allBytes }), modes: ['aes-ccm'], ccm: { datasets: 2, writtenBytesPerSecond: ccmBytes, readBytesPerSecond: 0 } }] };
}

export default defineHypothesis({
  id: 'zfs-crypto-ccm',
  subject: 'zfs',
  proven: 'documentation',
  title: 'Datasets are encrypted with AES-CCM, which ZFS computes slowly on any CPU',
  about: `ZFS has quick code for AES-GCM only. AES-CCM, the default until ZFS 0.8.3 and still to be chosen, goes through block by block and each block twice, so that such datasets manage some
ten to a hundred MB/s for each core, with AES instructions or without. Any activity on them then burns processor time in ZFS's write and read threads, and all other writers of the pool wait. Nothing is
broken: it has been so since the dataset was made.

To be sure by hand: \`zfs list -o name,encryption\` shows \`aes-256-ccm\`; writing the same data to a dataset with \`encryption=aes-256-gcm\` is several times quicker. The cipher of a dataset cannot be changed:
the data must be copied.`,
  needs: { encrypted: encryptedPools, threads: zfsThreads, busiest: optional(busiestDatasets) },
  objects: ({ encrypted }) => encrypted.pools.filter((one) => one.ccm !== undefined),
  noObjects: 'nothing on this host that is in use is encrypted with AES-CCM',
  prior: 1 / 60,
  explains: { 'io-delay': 0.8, 'high-load': 0.6, 'cpu-pressure': 0.3, 'guest-slow': 0.5, 'disk-latency': 0.1, 'target-missing': 0.2 },
  evidence: [
    {
      outcome: ({ encrypted, threads: { writeIssue, readInterrupt } }, { pool: name }) => {
        const own = encrypted.pools.find((one) => one.pool === name);
        const ccmBytes = bytesOf(own?.ccm);
        const isBusy = Math.max(writeIssue.totalPercent, readInterrupt.totalPercent) >= busyThreadsPercent;
        if (own?.ccm?.writtenBytesPerSecond === undefined) return 'not counted';
        if (ccmBytes < 1e6) return 'idle';
        if (!isBusy) return 'calm';
        return ccmBytes >= 0.3 * bytesOf(own) ? 'busy' : 'busy with others';
      },
      table: {
        busy: {
          ifCause: 0.85,
          otherwise: 0.003,
          decisive: true,
          says: ({ threads: { writeIssue, readInterrupt } }, { ccm, pool: name }) =>
            `${megabytes(bytesOf(ccm))} go through datasets of pool ${name} with AES-CCM, and ZFS's own threads compute all the time: those that write take ${writeIssue.totalPercent.toFixed(0)} % of one core's time, those that read ${readInterrupt.totalPercent.toFixed(0)} %.`,
        },
        'busy with others': { ifCause: 0.03, otherwise: 0.03, says: 'ZFS computes all the time, but most of the encrypted data does not use AES-CCM.' },
        calm: { ifCause: 0.02, otherwise: 0.1, says: (_, { ccm }) => `${megabytes(bytesOf(ccm))} go through datasets with AES-CCM without a busy thread.` },
        idle: { ifCause: 0.05, otherwise: 0.8, says: 'Hardly anything goes through the datasets with AES-CCM at the moment.' },
      },
      excerpt: (_, { ccm, modes }) => `${ccm?.datasets ?? 0} datasets with aes-ccm; ciphers in use: ${modes.join(', ')}`,
    },
  ],
  tested: [
    {
      experiment: encryptedAgainstPlain,
      // It takes AES-GCM where the pool has it.
      about: (_, { object, modes }) => (modes.includes('aes-gcm') ? [] : [object]),
      table: {
        'encrypting costs far too much': { ifCause: 0.9, otherwise: 0.3 },
        'encrypting costs what it must': { ifCause: 0.1, otherwise: 0.7 },
      },
    },
    {
      experiment: imageCopy,
      about: ({ busiest }, { object }) => (busiest?.pools.some((one) => one.object === object && one.encryption.endsWith('-ccm')) === true ? [object] : []),
      table: {
        'slow only with the properties of the dataset': { ifCause: 0.8, otherwise: 0.08 },
        'slow everywhere in the pool': { ifCause: 0.04, otherwise: 0.25 },
        'slow in every pool': { ifCause: 0.02, otherwise: 0.07 },
        'quick everywhere': { ifCause: 0.14, otherwise: 0.6 },
      },
    },
  ],
  broughtBy: ['storage-settings', 'zfs'],
  mechanisms: ['zfs-txg-stalled', 'cpu-saturated'],
  urgency: 'window',
  dataAtRisk: false,
  containment: ['Put off backups and copies on these datasets: they make everything else on the pool wait.'],
  doNot: ['Do not replace disks or the CPU for this: AES-CCM is slow on all of them.'],
  mitigations: [moveToGcmDataset],
  references: ['zfsprops(7), encryption', 'openzfs/zfs module/icp/algs/modes/ccm.c', 'openzfs/zfs 31b160f0a6'],
  examples: {
    supporting: [
      {
        name: 'a copy is slow only with AES-CCM',
        given: { encrypted: ccmPool(60e6), threads: threads(190), busiest: busiestIs({ encryption: 'aes-256-ccm' }) },
        found: [copied('slow only with the properties of the dataset')],
        object: 'storage/tank',
        expect: 'identified',
      },
      { name: 'a copy to an old dataset, and the write threads take two cores', given: { encrypted: ccmPool(60e6), threads: threads(190) }, object: 'storage/tank', expect: 'identified' },
      { name: 'half of the traffic uses AES-CCM', given: { encrypted: ccmPool(20e6, 40e6), threads: threads(95) }, symptoms: ['io-delay'] },
    ],
    refuting: [
      { name: 'a copy is quick with AES-CCM, too', given: { encrypted: ccmPool(4e6), threads: threads(12), busiest: busiestIs({ encryption: 'aes-256-ccm' }) }, found: [copied('quick everywhere')] },
      { name: 'AES-GCM is used everywhere', given: { encrypted: { pools: [pool()] }, threads: threads(97) }, expect: 'ruled-out' },
      { name: 'datasets with AES-CCM lie idle while another is written to', given: { encrypted: ccmPool(0, 90e6), threads: threads(120) } },
      { name: 'a little traffic that the CPU does beside other things', given: { encrypted: ccmPool(4e6), threads: threads(12) } },
      { name: 'most of what is written uses AES-GCM', given: { encrypted: ccmPool(3e6, 90e6), threads: threads(120) } },
    ],
  },
});
