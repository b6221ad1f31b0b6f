import { defineHypothesis } from '../../define/hypothesis.ts';
import { bytesText } from '../../lib/host-text.ts';
import { limitedText, limitsOf, type DatasetLimit } from './dataset-limits.ts';
import { datasetOf } from './dataset.samples.ts';
import raiseDatasetQuota from './raise-dataset-quota.mitigation.ts';
import zfsDatasets from './zfs-datasets.probe.ts';

const gib = 1024 ** 3;

/** Nothing of any size fits in any more. */
function isReached({ limitBytes, leftBytes, usedPercent }: DatasetLimit): boolean {
  return usedPercent >= 99 && leftBytes < Math.max(0.005 * limitBytes, Math.min(64e6, 0.05 * limitBytes));
}

const container = (usedBytes: number) => datasetOf('rpool/data/subvol-101-disk-0', { usedBytes, referencedBytes: usedBytes, refQuotaBytes: 8 * gib });

export default defineHypothesis({
  id: 'dataset-quota-reached',
  subject: 'zfs',
  proven: 'documentation',
  title: 'A ZFS dataset has reached its quota',
  about: `Writes to the dataset fail with "disk quota exceeded" although the pool has room. On Proxmox VE the disk of a container on ZFS is a dataset whose refquota is the disk's size: a full one is a container
whose root file system is full. A quota (unlike a refquota) counts snapshots and everything below the dataset, so that deleting files frees nothing while snapshots keep them.

To be sure by hand: \`zfs list -o name,used,refer,quota,refquota,avail\` and \`zfs list -o space <dataset>\`, which splits what is used into data, snapshots and children.`,
  needs: { list: zfsDatasets },
  objects: ({ list }) => limitsOf(list.datasets).filter((one) => one.usedPercent >= 95).slice(0, 100),
  noObjects: 'no ZFS dataset has used 95 % of a quota',
  prior: 1 / 100,
  explains: { 'space-low': 0.97, 'guest-down': 0.15, 'target-missing': 0.2, 'backup-missed': 0.2, 'guest-slow': 0.03 },
  evidence: [
    {
      outcome: (_, limit) => (isReached(limit) ? 'reached' : limit.usedPercent >= 98 ? 'nearly' : 'room'),
      table: {
        reached: {
          ifCause: 0.9,
          otherwise: 0.001,
          decisive: true,
          says: (_, limit) => `${limitedText(limit)} has used ${limit.usedPercent} % of its ${limit.kind} of ${bytesText(limit.limitBytes)}, ${bytesText(limit.leftBytes)} are left.`,
        },
        nearly: { ifCause: 0.09, otherwise: 0.05, says: (_, limit) => `${limitedText(limit)} has used ${limit.usedPercent} % of its ${limit.kind}, ${bytesText(limit.leftBytes)} are left.` },
        room: { ifCause: 0.01, otherwise: 0.94, says: (_, limit) => `${limitedText(limit)} has used ${limit.usedPercent} % of its ${limit.kind}, and ${bytesText(limit.leftBytes)} still fit in.` },
      },
      excerpt: (_, { name, kind, limitBytes, leftBytes }) => `${name} ${kind} ${limitBytes}, used ${limitBytes - leftBytes}`,
    },
  ],
  urgency: 'today',
  dataAtRisk: false,
  containment: ['Raise the limit a little: that works at once, while the dataset is in use.'],
  doNot: ['Do not delete files of a guest to make room without its owner.'],
  mitigations: [raiseDatasetQuota],
  references: ['zfsprops(7), quota and refquota', 'pve-docs pct.adoc'],
  examples: {
    supporting: [
      { name: 'the disk of a container is full', given: { list: { datasets: [datasetOf('rpool'), container(8 * gib)] } }, object: 'storage/rpool/data/subvol-101-disk-0', symptoms: ['space-low'], expect: 'identified' },
      { name: 'snapshots fill the quota of a dataset', given: { list: { datasets: [datasetOf('tank/share', { usedBytes: 1000 * gib, referencedBytes: 300 * gib, quotaBytes: 1000 * gib, refQuotaBytes: 900 * gib })] } }, object: 'storage/tank/share', symptoms: ['space-low'], expect: 'identified' },
    ],
    refuting: [
      { name: 'no limits', given: { list: { datasets: [datasetOf('rpool')] } }, expect: 'ruled-out' },
      { name: 'half full', given: { list: { datasets: [container(4 * gib)] } }, expect: 'ruled-out' },
      { name: 'a large archive at 96 % of its quota', given: { list: { datasets: [datasetOf('tank/archive', { usedBytes: 9600 * gib, referencedBytes: 9600 * gib, quotaBytes: 10_000 * gib })] } }, symptoms: ['guest-slow'] },
      { name: 'a container at 98 %, and the trouble is elsewhere', given: { list: { datasets: [container(7.85 * gib)] } }, symptoms: ['guest-slow'] },
    ],
  },
});
