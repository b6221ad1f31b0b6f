import { defineHypothesis } from '../../define/hypothesis.ts';
import replacePoolMember from './replace-pool-member.mitigation.ts';
import { degradedPool, healthyPool, zpool } from './zpool.samples.ts';
import type { PoolStatus } from './zpool-status.schema.ts';
import zpools from './zpools.fact.ts';

const wellStates = ['ONLINE', 'AVAIL', 'INUSE'];
/** Without a cache or a spare, no redundancy is lost. */
const withoutRedundancy = ['cache', 'spare'];

function brokenLeaves(status: PoolStatus | undefined): PoolStatus['leaves'] {
  return status?.leaves.filter((leaf) => !wellStates.includes(leaf.state) && !withoutRedundancy.includes(leaf.role)) ?? [];
}

function describe(status: PoolStatus | undefined): string {
  return brokenLeaves(status)
    .slice(0, 4)
    .map((leaf) => `${leaf.path} in ${leaf.vdev} is ${leaf.state}${leaf.note ? ` (${leaf.note})` : ''}`)
    .join('; ');
}

export default defineHypothesis({
  id: 'zpool-degraded',
  subject: 'zfs',
  proven: 'documentation',
  title: 'A ZFS pool runs without one of its devices',
  about: `A member of a mirror or raidz is missing, faulted or offline. The pool works on, usually at much the same speed, but has less redundancy or none: the next
failing disk may cost data. The reason may be the disk, its cable, the controller, a renamed device, or somebody who took it offline. \`zpool status -P\` shows which device it is; \`zpool events -v\` and
the kernel log tell when it left.`,
  needs: { zpools },
  objects: ({ zpools: { pools } }) => pools,
  noObjects: 'no ZFS pool is imported',
  prior: 1 / 300,
  explains: { 'redundancy-lost': 0.99, 'disk-latency': 0.1, 'io-delay': 0.05 },
  evidence: [
    {
      when: (_, { status }) => status?.state === 'DEGRADED' || brokenLeaves(status).length > 0,
      decisive: true,
      likelihood: { ifCause: 0.99, otherwise: 0.0002 },
      says: (_, { name, status }) => `Pool ${name} is ${status?.state}: ${describe(status) || status?.status}.`,
      saysNot: 'all devices of the pool are online',
      excerpt: (_, { status }) => status?.status ?? '',
    },
  ],
  ruledOut: [
    { when: (_, { status }) => status !== undefined && status.state === 'ONLINE' && brokenLeaves(status).length === 0, says: 'all devices of all pools are online' },
  ],
  urgency: 'today',
  dataAtRisk: true,
  containment: ['Make sure that a backup exists off this host before anything else is tried on the pool.'],
  doNot: ['Do not pull a disk before its serial number has been compared: the pool may not survive losing another one.'],
  mitigations: [replacePoolMember],
  references: ['zpool-status(8)', 'openzfs-docs Troubleshooting'],
  examples: {
    supporting: [
      { name: 'a mirror member is unavailable', given: { zpools: zpool({ state: 'DEGRADED', status: degradedPool }) }, object: 'storage/tank', expect: 'identified' },
    ],
    refuting: [
      { name: 'all devices are online', given: { zpools: zpool() }, expect: 'ruled-out' },
      {
        name: 'a spare stands by, another and a cache device are gone: no redundancy is lost',
        given: {
          zpools: zpool({
            status: {
              ...healthyPool,
              leaves: [...healthyPool.leaves, { ...healthyPool.leaves[0]!, role: 'spare', state: 'AVAIL' }, { ...healthyPool.leaves[0]!, role: 'spare', state: 'UNAVAIL' }, { ...healthyPool.leaves[0]!, role: 'cache', state: 'UNAVAIL' }],
            },
          }),
        },
        expect: 'ruled-out',
      },
    ],
  },
});
