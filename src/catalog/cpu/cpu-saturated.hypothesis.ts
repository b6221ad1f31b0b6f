import { defineHypothesis } from '../../define/hypothesis.ts';
import busiestDatasets from '../zfs/busiest-datasets.fact.ts';
import datasetProperties from '../zfs/dataset-properties.experiment.ts';
import { busiestIs, triedProperties } from '../zfs/experiment-findings.samples.ts';
import { isTried } from '../zfs/property-trials.ts';
import { optional } from '../../define/source.ts';
import { percentText } from '../kernel/number-text.ts';
import taskUsage, { type TaskUsage } from '../kernel/task-usage.fact.ts';
import { taskUsageOf } from '../kernel/task-usage.samples.ts';
import cpuUsage from './cpu-usage.fact.ts';
import { cpuUsage as usageOf, loadOf, pressureNow as pressureOf } from './cpu-usage.samples.ts';
import loadAverage from './load-average.probe.ts';
import pressureNow from './pressure-now.fact.ts';
import spreadTheLoad from './spread-the-load.mitigation.ts';
import timedSyncedWrites from '../disk/timed-synced-writes.experiment.ts';
import otherStorage from '../disk/other-storage.experiment.ts';

const limitPercent = 90;
/** A little idle time is left between bursts, and yet most tasks wait. */
const nearlyPercent = 80;
/** Kernel threads that data passes on its way to disks: ZFS, dm-crypt, software RAID, Btrfs. */
const storageThreads = /^(z_|zvol|txg_sync|dp_sync|kcryptd|dmcrypt|md\d|raid\d|btrfs)/;
const busyThreadPercent = 60;

function busiestStorageThread(usage: TaskUsage | undefined): TaskUsage['families'][number] | undefined {
  return usage?.families
    .filter((family) => family.kernelThreads && storageThreads.test(family.name) && family.busiestPercent >= busyThreadPercent)
    .toSorted((a, b) => b.busiestPercent - a.busiestPercent)[0];
}

interface InUse {
  readonly usage: { readonly busyPercent: number };
  readonly pressure: { readonly cpu: { readonly somePercent: number } } | undefined;
}

/** Well used on average, and tasks wait nearly half of the time: too much at once, then nothing. */
function comesInBursts({ usage, pressure }: InUse): boolean {
  return usage.busyPercent >= 60 && (pressure?.cpu.somePercent ?? 0) >= 40;
}

/** Who uses the processors: ` Of one processor's time, the most was taken by kvm 1200 %, z_wr_iss 190 %.`; empty where nobody is known. */
function mostTaken(usage: TaskUsage | undefined): string {
  const biggest = (usage?.families ?? []).slice(0, 3).map((family) => `${family.name} ${Math.round(family.cpuPercent)} %`);
  return biggest.length === 0 ? '' : ` Of one processor's time, the most was taken by ${biggest.join(', ')}.`;
}

export default defineHypothesis({
  id: 'cpu-saturated',
  subject: 'cpu',
  role: 'mechanism',
  proven: 'documentation',
  title: 'The processors are at their limit',
  about: `The processors have more work than they can do, so tasks wait for their turn: load average above the number of processors, pressure in \`/proc/pressure/cpu\`, guests that
stutter. This is a state, not a cause: it may be honest work (a compile, a backup that compresses, guests at full use), or the result of something that
makes work dear, such as encryption without the right instructions. Compressing, encrypting and checking data happens in few kernel threads: one of them at the limit of its processor is
enough to make writers wait, while others are idle and no disk is busy.

To be sure by hand: \`top\` shows hardly any idle time (\`id\`) and no I/O wait; sort by processor time to see who works.`,
  needs: { usage: cpuUsage, pressure: optional(pressureNow), load: loadAverage, tasks: optional(taskUsage), busiest: optional(busiestDatasets) },
  prior: 0.05,
  explains: { 'high-load': 0.9, 'cpu-pressure': 0.9, 'io-delay': 0.4, 'guest-slow': 0.5, 'target-missing': 0.1 },
  evidence: [
    {
      outcome: ({ usage, tasks, pressure }) => {
        if (usage.busyPercent >= limitPercent) return 'all';
        if (usage.busyPercent >= nearlyPercent && (pressure?.cpu.somePercent ?? 0) >= 50) return 'nearly';
        if (usage.busiestCpu.busyPercent >= limitPercent && busiestStorageThread(tasks)) return 'storage';
        return comesInBursts({ usage, pressure }) ? 'bursts' : 'not';
      },
      table: {
        all: {
          ifCause: 0.65,
          otherwise: 0.009,
          decisive: true,
          says: ({ usage, tasks }) =>
            `The processors were busy ${percentText(usage.busyPercent)} of the time.${mostTaken(tasks)}`,
        },
        nearly: {
          ifCause: 0.3,
          otherwise: 0.01,
          says: ({ usage, tasks }) =>
            `The processors were busy ${percentText(usage.busyPercent)} of the time, in bursts.${mostTaken(tasks)}`,
        },
        storage: {
          ifCause: 0.1,
          otherwise: 0.002,
          says: ({ usage, tasks }) =>
            `One processor was busy ${percentText(usage.busiestCpu.busyPercent)} of the time, and data on its way to disk waits for it: the kernel thread ${busiestStorageThread(tasks)?.name} alone took ${percentText(busiestStorageThread(tasks)?.busiestPercent ?? 0)} of one.`,
        },
        bursts: {
          ifCause: 0.2,
          otherwise: 0.03,
          says: ({ usage, pressure, tasks }) =>
            `The processors were busy ${percentText(usage.busyPercent)} of the time, and yet tasks waited for one ${percentText(pressure?.cpu.somePercent ?? 0)} of it: the work comes in bursts.${mostTaken(tasks)}`,
        },
        not: { ifCause: 0.05, otherwise: 0.959, says: ({ usage }) => `The processors were busy only ${percentText(usage.busyPercent)} of the time.` },
      },
    },
    {
      when: ({ pressure, usage }) => (pressure === undefined ? usage.running > usage.cpuCount : pressure.cpu.somePercent >= 30),
      likelihood: { ifCause: 0.9, otherwise: 0.08 },
      says: 'Tasks that were ready to run had to wait for a processor.',
    },
    {
      when: ({ load, usage }) => load.oneMinute > 1.2 * usage.cpuCount,
      likelihood: { ifCause: 0.75, otherwise: 0.1 },
      says: ({ load, usage }) => `The load average is ${load.oneMinute} on ${usage.cpuCount} processors.`,
    },
  ],
  tested: [
    {
      experiment: timedSyncedWrites,
      about: () => ['host'],
      table: {
        'slow like all': { ifCause: 0.2, otherwise: 0.02 },
        'slow on some': { ifCause: 0.1, otherwise: 0.1 },
        'quick': { ifCause: 0.7, otherwise: 0.88 },
      },
    },
    {
      experiment: otherStorage,
      about: () => ['host'],
      table: {
        'both are slow': { ifCause: 0.2, otherwise: 0.03 },
        'only this storage is slow': { ifCause: 0.04, otherwise: 0.06 },
        'it keeps up': { ifCause: 0.76, otherwise: 0.91 },
      },
    },
    {
      experiment: datasetProperties,
      about: ({ busiest }) => (busiest?.pools ?? []).filter(({ object }) => isTried(busiest, object, ['compression', 'checksum'])).map(({ object }) => object),
      table: {
        'compression costs much': { ifCause: 0.5, otherwise: 0.25 },
        'the checksum costs much': { ifCause: 0.06, otherwise: 0.03 },
        'no property costs much': { ifCause: 0.35, otherwise: 0.6 },
      },
    },
  ],
  ruledOut: [{ when: ({ usage, tasks, pressure }) => usage.idlePercent + usage.iowaitPercent >= 30 && !busiestStorageThread(tasks) && !comesInBursts({ usage, pressure }), says: ({ usage }) => `the processors had nothing to compute ${percentText(usage.idlePercent + usage.iowaitPercent)} of the time` }],
  mechanisms: ['zfs-txg-stalled'],
  urgency: 'today',
  dataAtRisk: false,
  containment: ['Stop or limit what is least needed.'],
  mitigations: [spreadTheLoad],
  references: ['proc_stat(5)', 'Linux Documentation/accounting/psi.rst'],
  examples: {
    supporting: [
      { name: 'all processors busy, and both storages take data slowly', given: { usage: usageOf({ busyPercent: 97, idlePercent: 3, running: 30 }), load: loadOf(31) }, found: [{ experiment: otherStorage, findings: [{ object: 'host', outcome: 'both are slow', says: '8 MB/s and 9 MB/s' }] }] },
      {
        name: 'one stream of writes that are compressed with zstd-12 on two processors',
        given: {
          usage: usageOf({ cpuCount: 2, busyPercent: 58, idlePercent: 37, iowaitPercent: 5, busiest: { busyPercent: 95 } }),
          pressure: pressureOf({ cpu: { somePercent: 44 }, io: { somePercent: 50 } }),
          load: loadOf(1.9),
          tasks: taskUsageOf({ name: 'z_wr_iss', kernelThread: true, cpuPercent: 72 }),
          busiest: busiestIs({ compression: 'zstd-12' }),
        },
        found: [triedProperties('compression costs much')],
        expect: 'suspected',
      },
      {
        name: 'a compile on all processors',
        given: { usage: usageOf({ busyPercent: 99, userPercent: 88, systemPercent: 11, idlePercent: 1, running: 24 }), pressure: pressureOf({ cpu: { somePercent: 71 } }), load: loadOf(26), tasks: taskUsageOf({ name: 'cc1plus', cpuPercent: 1_500 }) },
        expect: 'identified',
      },
      {
        name: 'one stream of compressed and encrypted writes on two processors',
        given: {
          usage: usageOf({ cpuCount: 2, busyPercent: 58, idlePercent: 37, iowaitPercent: 5, busiest: { busyPercent: 95 } }),
          pressure: pressureOf({ cpu: { somePercent: 44 }, io: { somePercent: 50 } }),
          load: loadOf(1.9),
          tasks: taskUsageOf({ name: 'z_wr_iss', kernelThread: true, cpuPercent: 72 }),
        },
        expect: 'suspected',
      },
      {
        name: 'work that comes in bursts: little idle time is left, and tasks wait most of the time',
        given: { usage: usageOf({ cpuCount: 2, busyPercent: 86, idlePercent: 12, running: 6 }), pressure: pressureOf({ cpu: { somePercent: 70 } }), load: loadOf(7) },
        symptoms: ['cpu-pressure', 'high-load'],
        expect: 'suspected',
      },
      {
        name: 'guests that all write at the same moments, with time to spare between',
        given: { usage: usageOf({ cpuCount: 2, busyPercent: 61, idlePercent: 39, running: 2 }), pressure: pressureOf({ cpu: { somePercent: 55 } }), load: loadOf(4) },
        symptoms: ['cpu-pressure', 'high-load'],
        expect: 'suspected',
      },
      { name: 'a kernel without pressure stall information', given: { usage: usageOf({ busyPercent: 97, idlePercent: 3, running: 30 }), load: loadOf(31) } },
    ],
    refuting: [
      { name: 'well used, and only one storage is slow', given: { usage: usageOf({ busyPercent: 78, idlePercent: 22 }), pressure: pressureOf({ cpu: { somePercent: 12 } }), load: loadOf(13) }, found: [{ experiment: otherStorage, findings: [{ object: 'host', outcome: 'only this storage is slow', says: '1 MB/s and 90 MB/s' }] }], expect: 'not-a-cause' },
      { name: 'waiting for disks', given: { usage: usageOf({ iowaitPercent: 45, idlePercent: 20, busyPercent: 35 }), pressure: pressureOf({ io: { somePercent: 80 } }), load: loadOf(40) }, expect: 'ruled-out' },
      {
        name: 'a program at the limit of one of 16 processors, and nothing waits for it',
        given: {
          usage: usageOf({ busyPercent: 8, idlePercent: 92, busiest: { busyPercent: 100 } }),
          pressure: pressureOf(),
          load: loadOf(1.1),
          tasks: taskUsageOf({ name: 'java', cpuPercent: 100 }),
        },
        expect: 'ruled-out',
      },
      { name: 'a guest at its limit on a host with time to spare', given: { usage: usageOf({ busyPercent: 30, idlePercent: 70 }), pressure: pressureOf({ cpu: { somePercent: 90 } }), load: loadOf(3) }, expect: 'ruled-out' },
      { name: 'idle', given: { usage: usageOf(), pressure: pressureOf(), load: loadOf(0.4) }, expect: 'ruled-out' },
      { name: 'well used, with some room', given: { usage: usageOf({ busyPercent: 78, idlePercent: 22 }), pressure: pressureOf({ cpu: { somePercent: 12 } }), load: loadOf(13) }, expect: 'not-a-cause' },
    ],
  },
});
