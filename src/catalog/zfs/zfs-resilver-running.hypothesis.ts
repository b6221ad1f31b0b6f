import { defineHypothesis } from '../../define/hypothesis.ts';
import letResilverFinish from './let-resilver-finish.mitigation.ts';
import { isScanning, scanText } from './pool-scan.ts';
import { scanning, zpool } from './zpool.samples.ts';
import zpools from './zpools.fact.ts';

export default defineHypothesis({
  id: 'zfs-resilver-running',
  subject: 'zfs',
  proven: 'documentation',
  title: 'A ZFS pool is rebuilding a device',
  about: `After a device was replaced or came back, ZFS copies what it lacks from the other members. Until that is done, redundancy is reduced and the disks are busy. It should not be stopped; it can be
given less or more room. \`zpool status\` shows how far it is.`,
  needs: { zpools },
  objects: ({ zpools: { pools } }) => pools,
  noObjects: 'no ZFS pool is imported',
  prior: 1 / 150,
  explains: { 'io-delay': 0.7, 'disk-latency': 0.7, 'high-load': 0.3, 'guest-slow': 0.3, 'redundancy-lost': 0.4 },
  evidence: [
    {
      when: (_, { status }) => isScanning(status, 'resilver'),
      decisive: true,
      likelihood: { ifCause: 0.99, otherwise: 0.002 },
      says: (_, { name, status }) => scanText(name, status, 'resilver'),
      saysNot: 'no resilver is running',
    },
  ],
  ruledOut: [
    {
      when: (_, { status }) => status !== undefined && !isScanning(status, 'resilver'),
      says: 'no resilver is running',
    },
  ],
  mechanisms: ['disk-saturated'],
  urgency: 'today',
  dataAtRisk: true,
  containment: ['Put off backups and scrubs until it has ended.'],
  mitigations: [letResilverFinish],
  references: ['zpool-resilver(8)', 'openzfs-docs Scrub and Resilver'],
  examples: {
    supporting: [{ name: 'a resilver at 12.5 %', given: { zpools: zpool({ status: scanning('resilver', 'running') }) }, object: 'storage/tank', expect: 'identified' }],
    refuting: [
      { name: 'a resilver that ended last week', given: { zpools: zpool({ status: scanning('resilver', 'finished') }) }, expect: 'ruled-out' },
      { name: 'a paused one costs nothing', given: { zpools: zpool({ status: scanning('resilver', 'paused') }) }, expect: 'ruled-out' },
      { name: 'the other kind of scan', given: { zpools: zpool({ status: scanning('scrub', 'running') }) }, expect: 'ruled-out' },
    ],
  },
});
