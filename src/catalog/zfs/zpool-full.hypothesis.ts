import { defineHypothesis } from '../../define/hypothesis.ts';
import freePoolSpace from './free-pool-space.mitigation.ts';
import { zpool } from './zpool.samples.ts';
import zpools from './zpools.fact.ts';

const gib = 1024 ** 3;

export default defineHypothesis({
  id: 'zpool-full',
  subject: 'zfs',
  proven: 'documentation',
  title: 'A ZFS pool is nearly full',
  about: `The fuller a pool, the longer ZFS searches for free blocks, the more they are scattered, and the slower writes become; above about 90 % this is felt, and at about 97 % the
reserve is reached and writes fail with "no space left". Snapshots count. \`zpool list -o name,capacity,fragmentation\` shows both figures, \`zfs list -o space\` what takes the space.`,
  needs: { zpools },
  objects: ({ zpools: { pools } }) => pools,
  noObjects: 'no ZFS pool is imported',
  prior: 1 / 200,
  explains: { 'space-low': 0.95, 'io-delay': 0.4, 'disk-latency': 0.2, 'guest-slow': 0.3, 'high-load': 0.2 },
  evidence: [
    {
      outcome: (_, { capacityPercent, fragmentationPercent, freeBytes }) => {
        if (capacityPercent === undefined) return 'unknown';
        // 5 % of a very large pool whose free space lies together are still easily found.
        const ample = capacityPercent < 98 && (freeBytes ?? 0) >= 1024 * gib && (fragmentationPercent ?? 100) < 50;
        if (capacityPercent >= 95 && !ample) return 'full';
        if (capacityPercent >= 90) return 'nearly';
        return capacityPercent >= 85 && (fragmentationPercent ?? 0) >= 70 ? 'scattered' : 'room';
      },
      table: {
        full: {
          ifCause: 0.6,
          otherwise: 0.0005,
          decisive: true,
          says: (_, { name, capacityPercent, freeBytes, fragmentationPercent }) =>
            `Pool ${name} is ${capacityPercent} % full (${((freeBytes ?? 0) / gib).toFixed(1)} GiB free, free space ${fragmentationPercent ?? 'not known to be'} % fragmented).`,
        },
        nearly: {
          ifCause: 0.25,
          otherwise: 0.01,
          says: (_, { name, capacityPercent, fragmentationPercent }) =>
            `Pool ${name} is ${capacityPercent} % full, and its free space ${fragmentationPercent ?? 'not known to be'} % fragmented.`,
        },
        scattered: {
          ifCause: 0.1,
          otherwise: 0.01,
          says: (_, { name, capacityPercent, fragmentationPercent }) =>
            `Pool ${name} is ${capacityPercent} % full, and its free space is ${fragmentationPercent} % fragmented.`,
        },
        room: { ifCause: 0.05, otherwise: 0.9795, says: (_, { name, capacityPercent }) => `pool ${name} is ${capacityPercent} % full` },
      },
      excerpt: (_, { capacityPercent, fragmentationPercent }) => `capacity ${capacityPercent} %, fragmentation ${fragmentationPercent ?? '-'} %`,
    },
  ],
  ruledOut: [{ when: (_, { capacityPercent }) => capacityPercent !== undefined && capacityPercent < 80, says: (_, { capacityPercent }) => `the fullest pool is ${capacityPercent} % full at most` }],
  urgency: 'today',
  dataAtRisk: false,
  containment: ['Delete or send away old snapshots, or stop what fills the pool: `zfs list -o space -s used`.'],
  doNot: ['Do not let it reach 100 %: deleting needs some free space, too.'],
  mitigations: [freePoolSpace],
  references: ['openzfs-docs Workload Tuning, Free Space', 'zfs(4) spa_slop_shift'],
  examples: {
    supporting: [
      { name: '97 % full', given: { zpools: zpool({ capacityPercent: 97, freeBytes: 1e11, fragmentationPercent: 61 }) }, object: 'storage/tank', expect: 'identified' },
    ],
    refuting: [
      {
        name: 'an archive of 100 TB at 95 %, with 5 TB free in one piece, during a scrub',
        given: { zpools: zpool({ capacityPercent: 95, sizeBytes: 1e14, freeBytes: 5e12, fragmentationPercent: 8 }) },
        symptoms: ['io-delay'],
      },
      { name: 'a pool at 82 %', given: { zpools: zpool({ capacityPercent: 82, fragmentationPercent: 35 }) }, expect: 'not-a-cause' },
      { name: 'a pool with plenty of room', given: { zpools: zpool() }, expect: 'ruled-out' },
      { name: 'capacity could not be read', given: { zpools: zpool({ capacityPercent: undefined }) }, expect: 'cannot-tell' },
    ],
  },
});
