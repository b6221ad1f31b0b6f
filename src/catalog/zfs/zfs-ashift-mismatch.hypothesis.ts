import { defineHypothesis } from '../../define/hypothesis.ts';
import rebuildWithAshift from './rebuild-with-ashift.mitigation.ts';
import { healthyPool, zpool } from './zpool.samples.ts';
import type { PoolStatus } from './zpool-status.schema.ts';
import zpools from './zpools.fact.ts';

/** 512-byte sectors on a disk that has larger ones. Solid-state disks that wish for 8 or 16 KiB do well with 4 KiB, so that remark is passed over. */
function isMismatched({ status, ashift }: { readonly status?: PoolStatus | undefined; readonly ashift?: number | undefined }): boolean {
  if (!status) return false;
  const configured = status.leaves.flatMap((leaf) => /block size: (\d{1,9})B configured/.exec(leaf.note)?.[1] ?? []);
  return configured.length > 0 ? configured.includes('512') : status.status.includes('non-native block size') && (ashift ?? 9) < 12;
}

const words = 'One or more devices are configured to use a non-native block size. Expect reduced performance.';

function remark(note: string): PoolStatus {
  return { ...healthyPool, status: words, leaves: healthyPool.leaves.map((leaf) => ({ ...leaf, note })) };
}

export default defineHypothesis({
  id: 'zfs-ashift-mismatch',
  subject: 'zfs',
  proven: 'documentation',
  title: 'A pool was made for smaller sectors than its disks have',
  about: `The pool's ashift is 9 (512-byte sectors), but the disk works in 4096-byte sectors, so that small writes become a read, a change and a write. It has been so since the pool was
made: it explains slow writes, not writes that became slow this week. \`zpool status\` says it itself; disks that claim 512 bytes but work in larger pages cannot be told.`,
  needs: { zpools },
  objects: ({ zpools: { pools } }) => pools,
  noObjects: 'no ZFS pool is imported',
  prior: 1 / 400,
  explains: { 'disk-latency': 0.3, 'io-delay': 0.2 },
  evidence: [
    {
      when: (_, pool) => isMismatched(pool),
      decisive: true,
      likelihood: { ifCause: 0.95, otherwise: 0.0005 },
      says: (_, { name }) => `ZFS itself says that devices of pool ${name} use another sector size than the pool was made for.`,
      saysNot: 'ZFS reports no device with another sector size than its pool',
      excerpt: (_, { status }) => status?.status ?? '',
    },
  ],
  ruledOut: [{ when: (_, pool) => pool.status !== undefined && !isMismatched(pool), says: 'ZFS reports no device with another sector size than its pool' }],
  urgency: 'window',
  dataAtRisk: false,
  mitigations: [rebuildWithAshift],
  references: ['openzfs-docs Hardware', 'zpool-status(8)'],
  examples: {
    supporting: [
      { name: 'zpool status says so', given: { zpools: zpool({ status: { ...healthyPool, status: words } }) }, expect: 'identified' },
      { name: 'it names the sizes', given: { zpools: zpool({ status: remark('block size: 512B configured, 4096B native') }) }, expect: 'identified' },
    ],
    refuting: [
      { name: 'a pool without a remark', given: { zpools: zpool() }, expect: 'ruled-out' },
      { name: 'NVMe disks that wish for 16 KiB, in a pool made for 4 KiB', given: { zpools: zpool({ status: remark('block size: 4096B configured, 16384B native') }) }, expect: 'ruled-out' },
      { name: 'the same without sizes: the pool was made with ashift 12', given: { zpools: zpool({ ashift: 12, status: { ...healthyPool, status: words } }) }, expect: 'ruled-out' },
      {
        name: 'another remark: features that are not enabled',
        given: { zpools: zpool({ status: { ...healthyPool, status: 'Some supported and requested features are not enabled on the pool.' } }) },
        expect: 'ruled-out',
      },
    ],
  },
});
