import { defineHypothesis } from '../../define/hypothesis.ts';
import rebuildWithAshift from './rebuild-with-ashift.mitigation.ts';
import { healthyPool, zpool } from './zpool.samples.ts';
import type { PoolStatus } from './zpool-status.schema.ts';
import zpools from './zpools.fact.ts';

function isMismatched(status: PoolStatus | undefined): boolean {
  if (!status) return false;
  const text = `${status.status} ${status.leaves.map((leaf) => leaf.note).join(' ')}`;
  return text.includes('non-native block size') || /block size: \d+B configured/.test(text);
}

const words = 'One or more devices are configured to use a non-native block size. Expect reduced performance.';

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
      when: (_, { status }) => isMismatched(status),
      decisive: true,
      likelihood: { ifCause: 0.95, otherwise: 0.0005 },
      says: (_, { name }) => `ZFS itself says that devices of pool ${name} use another sector size than the pool was made for.`,
      saysNot: 'ZFS reports no device with another sector size than its pool',
      excerpt: (_, { status }) => status?.status ?? '',
    },
  ],
  ruledOut: [{ when: (_, { status }) => status !== undefined && !isMismatched(status), says: 'ZFS reports no device with another sector size than its pool' }],
  urgency: 'window',
  dataAtRisk: false,
  mitigations: [rebuildWithAshift],
  references: ['openzfs-docs Hardware', 'zpool-status(8)'],
  examples: {
    supporting: [{ name: 'zpool status says so', given: { zpools: zpool({ status: { ...healthyPool, status: words } }) }, expect: 'identified' }],
    refuting: [
      { name: 'a pool without a remark', given: { zpools: zpool() }, expect: 'ruled-out' },
      {
        name: 'another remark: features that are not enabled',
        given: { zpools: zpool({ status: { ...healthyPool, status: 'Some supported and requested features are not enabled on the pool.' } }) },
        expect: 'ruled-out',
      },
    ],
  },
});
