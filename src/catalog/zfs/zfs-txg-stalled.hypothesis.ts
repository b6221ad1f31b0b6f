import { defineHypothesis } from '../../define/hypothesis.ts';
import { optional } from '../../define/source.ts';
import kernelLog from '../kernel/kernel-log.probe.ts';
import operatingSystem from '../kernel/os.probe.ts';
import { zpool } from './zpool.samples.ts';
import zpools from './zpools.fact.ts';

const slowSyncMs = 8_000;
const hungText = /task txg_sync:\d{1,10} blocked for more than/;

function logged(secondsSinceBoot: number) {
  return {
    lines: [{ secondsSinceBoot, text: 'INFO: task txg_sync:412 blocked for more than 120 seconds.' }],
    truncated: false,
    source: 'ring-buffer' as const,
    coversBoot: true,
  };
}

export default defineHypothesis({
  id: 'zfs-txg-stalled',
  subject: 'zfs',
  role: 'mechanism',
  proven: 'documentation',
  title: 'ZFS takes very long to write its transaction groups out',
  about: `ZFS collects writes for some seconds and writes them out together. When that takes much longer than the 5 s between two groups, all writers wait. It is a link in a chain, never its
end: look below for a slow or failing disk, a full pool, slow encryption, or a controller that resets. \`tail /proc/spl/kstat/zfs/<pool>/txgs\` shows how long each group took (stime, nanoseconds).`,
  needs: { zpools, log: optional(kernelLog), system: optional(operatingSystem) },
  objects: ({ zpools: { pools } }) => pools,
  noObjects: 'no ZFS pool is imported',
  prior: 1 / 100,
  explains: { 'io-delay': 0.8, 'high-load': 0.5, 'guest-slow': 0.6, 'errors-logged': 0.5, 'disk-latency': 0.1 },
  evidence: [
    {
      when: (_, { longestSyncMs }) => (longestSyncMs ?? 0) >= slowSyncMs,
      decisive: true,
      likelihood: { ifCause: 0.8, otherwise: 0.003 },
      says: (_, { name, longestSyncMs }) => `Writing a transaction group of pool ${name} out took ${((longestSyncMs ?? 0) / 1000).toFixed(1)} s.`,
      saysNot: 'the newest transaction groups were written out quickly',
    },
    {
      when: (_, { syncStuck }) => syncStuck,
      likelihood: { ifCause: 0.6, otherwise: 0.02 },
      says: (_, { name }) => `One transaction group of pool ${name} was being written out during the whole look.`,
    },
    {
      when: ({ log, system }) =>
        log?.lines.some((line) => hungText.test(line.text) && (system?.uptimeSeconds ?? Infinity) - (line.secondsSinceBoot ?? 0) < 3_600) === true,
      likelihood: { ifCause: 0.4, otherwise: 0.002 },
      says: 'Within the last hour the kernel reported that txg_sync was blocked for more than two minutes.',
    },
  ],
  urgency: 'today',
  mitigations: [],
  references: ['openzfs-docs Troubleshooting', 'zfs(4) zfs_txg_timeout'],
  examples: {
    supporting: [
      { name: 'groups take 23 s', given: { zpools: zpool({ longestSyncMs: 23_000, syncStuck: true }) }, object: 'storage/tank' },
      { name: 'the kernel reports txg_sync, and a group is stuck', given: { zpools: zpool({ syncStuck: true, longestSyncMs: 9000 }), log: logged(5000), system: { uptimeSeconds: 5100 } as never } },
    ],
    refuting: [
      { name: 'groups take 120 ms', given: { zpools: zpool() }, expect: 'not-a-cause' },
      { name: 'a hung task at a time that is not known', given: { zpools: zpool({ syncStuck: true }), log: logged(5000) }, expect: 'not-a-cause' },
      { name: 'a hung task of last week', given: { zpools: zpool(), log: logged(5000), system: { uptimeSeconds: 700_000 } as never }, expect: 'not-a-cause' },
      { name: 'a big copy: groups take 4 s', given: { zpools: zpool({ longestSyncMs: 4_000 }) }, expect: 'not-a-cause' },
    ],
  },
});
