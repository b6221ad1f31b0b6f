import { defineHypothesis } from '../../define/hypothesis.ts';
import { optional } from '../../define/source.ts';
import kernelLog from '../kernel/kernel-log.probe.ts';
import clearSuspendedPool from './clear-suspended-pool.mitigation.ts';
import { zpool } from './zpool.samples.ts';
import zpools from './zpools.fact.ts';

const logText = 'encountered an uncorrectable I/O failure and has been suspended';

function log(text: string) {
  return { lines: [{ secondsSinceBoot: 100, text }], truncated: false, source: 'ring-buffer' as const, coversBoot: true };
}

export default defineHypothesis({
  id: 'zpool-suspended',
  subject: 'zfs',
  proven: 'documentation',
  title: 'A ZFS pool has suspended itself, and all that touches it hangs',
  about: `When too many devices of a pool fail to answer, ZFS stops it (failmode=wait): every read and write waits for ever, and so do \`zpool\`, \`zfs\`, \`df\` and the guests on
it. Nothing of this can be killed. The cause lies below: a controller, cable, power supply, or several disks at once. \`cat /proc/spl/kstat/zfs/<pool>/state\` tells it without hanging.`,
  needs: { zpools, log: optional(kernelLog) },
  objects: ({ zpools: { pools } }) => pools,
  noObjects: 'no ZFS pool is imported',
  prior: 1 / 1000,
  explains: { 'redundancy-lost': 0.99, 'io-delay': 0.6, 'high-load': 0.8, 'guest-slow': 0.8, 'guest-down': 0.5, 'errors-logged': 0.9, 'target-missing': 0.3 },
  evidence: [
    {
      when: (_, { suspended }) => suspended,
      decisive: true,
      likelihood: { ifCause: 0.99, otherwise: 0.0001 },
      says: (_, { name }) => `The kernel says that pool ${name} is SUSPENDED.`,
      saysNot: 'the kernel keeps the pool in operation',
      excerpt: (_, { state }) => state,
    },
    {
      when: ({ log: read }, { name }) => read?.lines.some((line) => line.text.includes(logText) && line.text.includes(name)) === true,
      likelihood: { ifCause: 0.8, otherwise: 0.003 },
      says: (_, { name }) => `The kernel log says that pool ${name} met an I/O failure that it could not correct, and was suspended.`,
    },
  ],
  ruledOut: [{ when: (_, { suspended, state }) => !suspended && state !== 'unknown', says: 'the kernel says of every pool that it is in operation' }],
  mechanisms: ['zfs-txg-stalled', 'hung-tasks'],
  urgency: 'now',
  dataAtRisk: true,
  containment: ['Look for the devices that went missing: cables, power, controller. The pool goes on by itself after `zpool clear`, once they are back.'],
  doNot: [
    'Do not power the host off before the devices are back: what the guests wrote last is only in memory.',
    'Do not run zpool, zfs or df again and again: each call hangs and cannot be ended.',
  ],
  mitigations: [clearSuspendedPool],
  references: ['zpoolprops(7) failmode', 'openzfs-docs Troubleshooting'],
  examples: {
    supporting: [
      {
        name: 'the kernel says SUSPENDED; zpool status was not asked',
        given: { zpools: zpool({ state: 'SUSPENDED', suspended: true, status: undefined }), log: log(`WARNING: Pool 'tank' has ${logText}.`) },
        object: 'storage/tank',
        expect: 'identified',
      },
    ],
    refuting: [
      { name: 'a healthy pool', given: { zpools: zpool() }, expect: 'ruled-out' },
      {
        name: 'it was suspended earlier in this boot and goes on',
        given: { zpools: zpool(), log: log(`WARNING: Pool 'tank' has ${logText}.`) },
        expect: 'ruled-out',
      },
    ],
  },
});
