import { defineHypothesis } from '../../define/hypothesis.ts';
import findChecksumSource from './find-checksum-source.mitigation.ts';
import { checksumPool, healthyPool, zpool } from './zpool.samples.ts';
import type { PoolStatus } from './zpool-status.schema.ts';
import zpools from './zpools.fact.ts';

function suspects(status: PoolStatus | undefined): PoolStatus['leaves'] {
  return status?.leaves.filter((leaf) => leaf.checksumErrors > 0) ?? [];
}

export default defineHypothesis({
  id: 'zpool-checksum-errors',
  subject: 'zfs',
  proven: 'documentation',
  title: 'Devices of a ZFS pool return wrong data',
  about: `A device answered without an error, but the data does not match its checksum. Errors on one device point at it or its cable; errors on several devices at once point
at what they share: controller, power supply, memory. Without read errors and without SMART findings think of cables and memory first. \`zpool status -v\` names damaged files.`,
  needs: { zpools },
  objects: ({ zpools: { pools } }) => pools,
  noObjects: 'no ZFS pool is imported',
  prior: 1 / 300,
  explains: { 'data-errors': 0.99, 'errors-logged': 0.1 },
  evidence: [
    {
      when: (_, { status }) => (status?.dataErrors ?? 0) > 0 || suspects(status).length > 0,
      decisive: true,
      likelihood: { ifCause: 0.99, otherwise: 0.0005 },
      says: (_, { name, status }) => {
        const leaves = suspects(status);
        const counts = leaves.slice(0, 4).map((leaf) => `${leaf.checksumErrors} on ${leaf.path} (${leaf.vdev})`).join(', ');
        const files = (status?.dataErrors ?? 0) > 0 ? `; ${status?.dataErrors} errors could not be repaired` : '; what was found has been repaired';
        return `Pool ${name} counts checksum errors${counts ? `: ${counts}` : ''}${files}.`;
      },
      saysNot: 'no checksum error has been counted since the pool was imported or cleared',
      excerpt: (_, { status }) => status?.status ?? '',
    },
  ],
  ruledOut: [
    {
      when: (_, { status }) => status !== undefined && status.dataErrors === 0 && suspects(status).length === 0,
      says: 'no pool has counted a checksum error since it was imported or cleared',
    },
  ],
  urgency: 'today',
  dataAtRisk: true,
  containment: ['Keep the last good backup: do not let a rotation delete it before the damage is known.'],
  doNot: ['Do not run `zpool clear` before the counts have been written down.'],
  mitigations: [findChecksumSource],
  references: ['zpool-status(8)', 'openzfs-docs Troubleshooting'],
  examples: {
    supporting: [
      { name: '37 errors on one mirror member', given: { zpools: zpool({ status: checksumPool }) }, object: 'storage/tank', expect: 'identified' },
      { name: 'damaged files', given: { zpools: zpool({ status: { ...healthyPool, dataErrors: 5 } }) }, expect: 'identified' },
    ],
    refuting: [
      { name: 'a healthy pool', given: { zpools: zpool() }, expect: 'ruled-out' },
      {
        name: 'read errors without a wrong checksum are another matter',
        given: { zpools: zpool({ status: { ...healthyPool, leaves: [{ ...healthyPool.leaves[0]!, readErrors: 4 }] } }) },
        expect: 'ruled-out',
      },
    ],
  },
});
