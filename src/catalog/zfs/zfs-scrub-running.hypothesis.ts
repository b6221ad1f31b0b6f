import { defineHypothesis } from '../../define/hypothesis.ts';
import { optional } from '../../define/source.ts';
import blockedTasks, { type BlockedTask } from '../kernel/blocked-tasks.probe.ts';
import pauseScrub from './pause-scrub.mitigation.ts';
import { isScanning, scanText } from './pool-scan.ts';
import { requestsOf, waitsForZfs } from './pool-use.ts';
import zfsPoolKstats from './zfs-pool-kstats.probe.ts';
import { poolAtUse, scanning, zpool } from './zpool.samples.ts';
import zpools from './zpools.fact.ts';

const writer: BlockedTask = { tid: 921, pid: 921, name: 'postgres', kernelThread: false, waitsIn: 'cv_wait_common', stack: ['cv_wait_common', 'txg_wait_synced', 'dmu_tx_wait', 'zfs_write'] };

export default defineHypothesis({
  id: 'zfs-scrub-running',
  subject: 'zfs',
  proven: 'documentation',
  title: 'A scrub of a ZFS pool is running',
  about: `A scrub reads everything in the pool and compares it with its checksums. It is wanted, usually runs on the second Sunday of the month, takes hours to days on rotating disks, and
makes other I/O wait meanwhile. When symptoms began with it, they end with it. \`zpool status\` shows how far it is.`,
  needs: { zpools, use: optional(zfsPoolKstats), blocked: optional(blockedTasks) },
  objects: ({ zpools: { pools } }) => pools,
  noObjects: 'no ZFS pool is imported',
  prior: 1 / 60,
  explains: { 'io-delay': 0.7, 'disk-latency': 0.7, 'high-load': 0.3, 'guest-slow': 0.3 },
  evidence: [
    {
      when: (_, { status }) => isScanning(status, 'scrub'),
      decisive: true,
      likelihood: { ifCause: 0.99, otherwise: 0.002 },
      says: (_, { name, status }) => scanText(name, status, 'scrub'),
      saysNot: 'no scrub is running',
    },
  ],
  ruledOut: [
    {
      when: (_, { status }) => status !== undefined && !isScanning(status, 'scrub'),
      says: 'no scrub is running',
    },
    {
      // A writer that is held up has asked for nothing within the window, and yet waits.
      when: ({ use, blocked }, { name }) => requestsOf(name, use) === 0 && !(blocked?.tasks.some(waitsForZfs) ?? false),
      says: (_, { name }) => `nobody but the scrub reads or writes pool ${name} now, so nobody waits for it`,
    },
  ],
  mechanisms: ['disk-saturated'],
  urgency: 'window',
  dataAtRisk: false,
  containment: ['If guests suffer, pause it and go on at night: `zpool scrub -p <pool>`, later `zpool scrub <pool>`.'],
  mitigations: [pauseScrub],
  references: ['zpool-scrub(8)', 'openzfs-docs Scrub and Resilver'],
  examples: {
    supporting: [
      { name: 'a scrub at 12.5 %', given: { zpools: zpool({ status: scanning('scrub', 'running') }) }, object: 'storage/tank', expect: 'identified' },
      { name: 'a scrub of a pool that guests use', given: { zpools: zpool({ status: scanning('scrub', 'running') }), use: poolAtUse(40) }, object: 'storage/tank', expect: 'identified' },
      {
        name: 'all who write are held up during the whole window',
        given: { zpools: zpool({ status: scanning('scrub', 'running') }), use: poolAtUse(0), blocked: { tasks: [writer], count: 1 } },
        object: 'storage/tank',
        expect: 'identified',
      },
      {
        name: 'the same, asked without root',
        given: { zpools: zpool({ status: scanning('scrub', 'running') }), use: poolAtUse(0), blocked: { tasks: [{ ...writer, stack: [] }], count: 1 } },
        object: 'storage/tank',
        expect: 'identified',
      },
    ],
    refuting: [
      {
        name: 'nobody uses the pool; what waits is the scrub itself, and a program that waits for a network storage',
        given: {
          zpools: zpool({ status: scanning('scrub', 'running') }),
          use: poolAtUse(0),
          blocked: {
            tasks: [
              { tid: 870, pid: 870, name: 'txg_sync', kernelThread: true, waitsIn: 'cv_wait_common', stack: ['cv_wait_common', 'zio_wait', 'dsl_pool_sync'] },
              { tid: 930, pid: 930, name: 'df', kernelThread: false, waitsIn: 'rpc_wait_bit_killable', stack: ['rpc_wait_bit_killable', '__rpc_execute'] },
            ],
            count: 2,
          },
        },
        symptoms: ['io-delay'],
        expect: 'ruled-out',
      },
      {
        name: 'a scrub at night, of a pool that nobody uses meanwhile',
        given: { zpools: zpool({ status: scanning('scrub', 'running') }), use: poolAtUse(0) },
        symptoms: ['io-delay'],
        expect: 'ruled-out',
      },
      { name: 'a scrub that ended last week', given: { zpools: zpool({ status: scanning('scrub', 'finished') }) }, expect: 'ruled-out' },
      { name: 'a paused one costs nothing', given: { zpools: zpool({ status: scanning('scrub', 'paused') }) }, expect: 'ruled-out' },
      { name: 'the other kind of scan', given: { zpools: zpool({ status: scanning('resilver', 'running') }) }, expect: 'ruled-out' },
    ],
  },
});
