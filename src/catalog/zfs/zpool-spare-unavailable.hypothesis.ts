import { defineHypothesis } from '../../define/hypothesis.ts';
import { sparesOf, unusableSpares } from './pool-spares.ts';
import replaceSpare from './replace-spare.mitigation.ts';
import { healthyPool, zpool } from './zpool.samples.ts';
import zpools from './zpools.fact.ts';

function withSpares(...states: readonly string[]) {
  const spares = states.map((state, index) => ({ ...healthyPool.leaves[0]!, path: `/dev/disk/by-id/ata-SPARE${index + 1}`, vdev: `/dev/disk/by-id/ata-SPARE${index + 1}`, role: 'spare', state }));
  return zpool({ status: { ...healthyPool, leaves: [...healthyPool.leaves, ...spares] } });
}

export default defineHypothesis({
  id: 'zpool-spare-unavailable',
  subject: 'zfs',
  proven: 'documentation',
  title: 'A hot spare of a ZFS pool cannot be used',
  about: `The pool has a spare disk that should step in when a member fails, but the spare itself is missing or faulted. Nothing is felt, the pool stays ONLINE; but the next failure is not repaired by
itself, often at night. A spare is hardly ever read, so that its own failure stays unnoticed. \`zpool status\` shows it under "spares" as UNAVAIL, FAULTED or REMOVED.`,
  needs: { zpools },
  objects: ({ zpools: { pools } }) => pools.filter((pool) => sparesOf(pool.status).length > 0),
  noObjects: 'no ZFS pool has a spare',
  prior: 1 / 200,
  explains: { 'redundancy-lost': 0.97 },
  evidence: [
    {
      when: (_, { status }) => unusableSpares(status).length > 0,
      decisive: true,
      likelihood: { ifCause: 0.99, otherwise: 0.0003 },
      says: (_, { name, status }) => `Pool ${name} cannot use ${unusableSpares(status).slice(0, 4).map((leaf) => `its spare ${leaf.path} (${leaf.state})`).join(', ')}.`,
      saysNot: 'all spares wait or are in use',
      excerpt: (_, { status }) => unusableSpares(status).map((leaf) => `${leaf.path} ${leaf.state} ${leaf.note}`.trim()).join('; '),
    },
  ],
  ruledOut: [{ when: (_, { status }) => status !== undefined && unusableSpares(status).length === 0, says: 'all spares of the pools wait or are in use' }],
  urgency: 'window',
  dataAtRisk: false,
  containment: ['Until there is a good spare, a failed member must be replaced by hand.'],
  mitigations: [replaceSpare],
  references: ['zpoolconcepts(7), Hot Spares', 'zpool-status(8)'],
  examples: {
    supporting: [
      { name: 'the only spare is gone', given: { zpools: withSpares('UNAVAIL') }, object: 'storage/tank', expect: 'identified' },
      { name: 'one of two is faulted', given: { zpools: withSpares('AVAIL', 'FAULTED') }, expect: 'identified' },
    ],
    refuting: [
      { name: 'it waits', given: { zpools: withSpares('AVAIL') }, expect: 'ruled-out' },
      { name: 'it has stepped in for a member', given: { zpools: withSpares('INUSE') }, expect: 'ruled-out' },
      { name: 'a pool without spares', given: { zpools: zpool() }, expect: 'ruled-out' },
    ],
  },
});
