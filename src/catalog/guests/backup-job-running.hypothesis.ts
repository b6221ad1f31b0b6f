import { defineHypothesis } from '../../define/hypothesis.ts';
import { optional } from '../../define/source.ts';
import { cpuUsage as cpuUsageOf, pressureNow as pressureOf } from '../cpu/cpu-usage.samples.ts';
import cpuUsage from '../cpu/cpu-usage.fact.ts';
import pressureNow from '../cpu/pressure-now.fact.ts';
import { percentText } from '../kernel/number-text.ts';
import { agoText } from '../../lib/duration-text.ts';
import taskUsage, { type TaskUsage } from '../kernel/task-usage.fact.ts';
import { taskUsageOf } from '../kernel/task-usage.samples.ts';
import runningTasks from './running-tasks.probe.ts';
import slowDownBackups from './slow-down-backups.mitigation.ts';

/** Tasks of Proxmox VE that copy whole disks, and what they are called. */
const copyingTasks: Readonly<Record<string, string>> = {
  vzdump: 'a backup',
  qmrestore: 'a restore',
  vzrestore: 'a restore',
  qmclone: 'a clone',
  vzclone: 'a clone',
  qmmove: 'a move of a disk',
  imgcopy: 'a copy of an image',
  move_volume: 'a move of a volume',
  qmigrate: 'a migration',
  vzmigrate: 'a migration',
};
/** Everyday commands and services that run all the time (a mount of rclone, the client of a backup server) count only when they move a lot. */
const everyday = new Set(['dd', 'cp', 'tar', 'rsync', 'zstd', 'pigz', 'lzop', 'mbuffer', 'bacula-fd', 'veeamagent', 'urbackupclientb', 'rclone', 'kopia']);
const muchBytesPerSecond = 5e6;
/** Programs that pack, encrypt or check what is backed up; names as the kernel cuts them after 15 characters. */
const packers: ReadonlySet<string> = new Set(['zstd', 'pigz', 'gzip', 'lzop', 'xz', 'vzdump', 'proxmox-backup-', 'restic', 'borg', 'kopia', 'duplicity', 'rsync', 'tar']);
const muchOfHostPercent = 20;

interface Running {
  readonly copying: readonly { readonly name: string; readonly elapsedSeconds: number; readonly readBytes?: number | undefined; readonly writtenBytes?: number | undefined }[];
  readonly tasks: readonly { readonly type: string; readonly guestId: string; readonly elapsedSeconds: number }[];
}

/** What copies now, in words, the longest first. */
function jobsOf({ copying, tasks }: Running): string[] {
  const named = tasks.flatMap((task) => {
    const what = copyingTasks[task.type];
    return what === undefined ? [] : [{ text: `${what}${task.guestId === '' ? '' : ` of guest ${task.guestId}`}`, seconds: task.elapsedSeconds }];
  });
  const others = copying.flatMap((process) => {
    const bytes = (process.readBytes ?? 0) + (process.writtenBytes ?? 0);
    const isMuch = process.elapsedSeconds >= 10 && bytes / process.elapsedSeconds >= muchBytesPerSecond;
    return everyday.has(process.name) && !isMuch ? [] : [{ text: `"${process.name}"`, seconds: process.elapsedSeconds }];
  });
  return [...named, ...others].toSorted((a, b) => b.seconds - a.seconds).map((job) => `${job.text}, since ${agoText(job.seconds)}`);
}

const waitPercent = (cpu: { iowaitPercent: number } | undefined, pressure: { io: { somePercent: number } } | undefined): number => Math.max(cpu?.iowaitPercent ?? 0, pressure?.io.somePercent ?? 0);

interface Processors {
  readonly cpu?: { readonly cpuCount: number } | undefined;
  readonly threads?: TaskUsage | undefined;
  readonly pressure?: { readonly cpu: { readonly somePercent: number } } | undefined;
}

/** What the packing programs take of all processors together, in percent. */
function packingPercent({ cpu, threads }: Processors): number {
  const ofCore = (threads?.families ?? []).filter(({ name, kernelThreads }) => !kernelThreads && packers.has(name)).reduce((sum, { cpuPercent }) => sum + cpuPercent, 0);
  return cpu === undefined ? 0 : ofCore / cpu.cpuCount;
}

const isPacking = (sources: Processors): boolean => packingPercent(sources) >= muchOfHostPercent && (sources.pressure?.cpu.somePercent ?? 0) >= 30;

function jobsText(running: Running): string {
  const jobs = jobsOf(running);
  return `Running now: ${jobs.slice(0, 3).join('; ')}${jobs.length > 3 ? `; and ${jobs.length - 3} more` : ''}.`;
}

const backup = {
  copying: [],
  tasks: [{ type: 'vzdump', guestId: '100', pid: 5432, elapsedSeconds: 900 }],
};

export default defineHypothesis({
  id: 'backup-job-running',
  subject: 'guests',
  proven: 'documentation',
  title: 'A backup or another large copy is running',
  about: `A backup, restore, clone, migration or replication reads and writes whole disks. While it runs, IO delay and load are higher, and guests on the same disks or network wait; when it ends,
so do they. Most of the time that is all there is to it. On a small host packing (zstd, pigz) may take the processors that the guests need. During the backup of a VM, its writes also wait for the backup's target when that is slow, unless fleecing is on.

To be sure by hand: the task log in the web interface, or \`cat /var/log/pve/tasks/active\` and \`iotop -oPa\`. Compare with the time before it began.`,
  needs: { running: runningTasks, cpu: optional(cpuUsage), pressure: optional(pressureNow), threads: optional(taskUsage) },
  prior: 1 / 30,
  explains: { 'io-delay': 0.7, 'disk-latency': 0.6, 'guest-slow': 0.4, 'high-load': 0.4, 'cpu-pressure': 0.3 },
  evidence: [
    {
      outcome: ({ running, cpu, pressure, threads }) => {
        if (jobsOf(running).length === 0) return 'none';
        const [waits, packs] = [waitPercent(cpu, pressure) >= 10, isPacking({ cpu, threads, pressure })];
        if (waits && packs) return 'both';
        return waits ? 'waits' : packs ? 'packs' : 'unfelt';
      },
      table: {
        both: {
          ifCause: 0.1,
          otherwise: 0.002,
          decisive: true,
          explains: { 'cpu-pressure': 0.7, 'high-load': 0.4, 'io-delay': 0.35, 'disk-latency': 0.3, 'guest-slow': 0.25 },
          says: ({ running, cpu, pressure, threads }) =>
            `${jobsText(running)} Packing takes ${percentText(packingPercent({ cpu, threads }))} of the processors; tasks wait for a processor ${percentText(pressure?.cpu.somePercent ?? 0)} of the time, and for input and output ${percentText(waitPercent(cpu, pressure))}.`,
        },
        waits: {
          ifCause: 0.7,
          otherwise: 0.045,
          decisive: true,
          says: ({ running, cpu, pressure }) => `${jobsText(running)} Meanwhile tasks wait for input and output ${percentText(waitPercent(cpu, pressure))} of the time.`,
        },
        packs: {
          ifCause: 0.12,
          otherwise: 0.003,
          decisive: true,
          // Its disks have time: what packs takes processors, and nothing else waits.
          explains: { 'cpu-pressure': 0.7, 'high-load': 0.5, 'guest-slow': 0.25 },
          says: ({ running, cpu, pressure, threads }) =>
            `${jobsText(running)} Packing takes ${percentText(packingPercent({ cpu, threads }))} of the processors, and tasks wait for a processor ${percentText(pressure?.cpu.somePercent ?? 0)} of the time.`,
        },
        unfelt: { ifCause: 0.07, otherwise: 0.25, says: 'A copy is running, but hardly anything waits for input and output, and packing takes little of the processors.' },
        none: { ifCause: 0.01, otherwise: 0.699, says: 'No backup or large copy is running.' },
      },
      excerpt: ({ running }) => [...running.tasks.map((task) => `${task.type}:${task.guestId}`), ...running.copying.map((process) => process.name)].slice(0, 8).join(', '),
    },
  ],
  ruledOut: [{ when: ({ running }) => jobsOf(running).length === 0, says: 'no backup, restore, clone, migration or large copy is running on this host' }],
  mechanisms: ['disk-saturated', 'zfs-txg-stalled'],
  urgency: 'none',
  dataAtRisk: false,
  containment: ['Wait until it ends, and look again.'],
  doNot: ['Do not kill a running backup: it leaves locks and snapshots behind. Stop it by its task.'],
  mitigations: [slowDownBackups],
  references: ['pve-docs vzdump.adoc (bandwidth limit, fleecing)'],
  examples: {
    supporting: [
      { name: 'vzdump, and tasks wait', given: { running: backup, cpu: cpuUsageOf({ iowaitPercent: 20, idlePercent: 70 }), pressure: pressureOf({ io: { somePercent: 45 } }) }, symptoms: ['io-delay'] },
      {
        name: 'a copy by hand at full speed',
        given: { running: { copying: [{ pid: 1, name: 'dd', state: 'D', elapsedSeconds: 60, readBytes: 6e9, writtenBytes: 6e9 }], tasks: [] }, pressure: pressureOf({ io: { somePercent: 80 } }) },
        symptoms: ['io-delay', 'disk-latency'],
      },
      {
        name: 'packing takes the processors of a small host',
        given: { running: backup, cpu: cpuUsageOf({ cpuCount: 4, busyPercent: 98, userPercent: 80, idlePercent: 2 }), pressure: pressureOf({ cpu: { somePercent: 70 }, io: { somePercent: 4 } }), threads: taskUsageOf({ name: 'zstd', cpuPercent: 210 }, { name: 'kvm', cpuPercent: 160 }) },
        symptoms: ['cpu-pressure', 'high-load'],
      },
      {
        name: 'it packs and reads: most of what waits waits for a processor',
        given: { running: backup, cpu: cpuUsageOf({ cpuCount: 2, busyPercent: 86, userPercent: 60, iowaitPercent: 9, idlePercent: 5 }), pressure: pressureOf({ cpu: { somePercent: 58 }, io: { somePercent: 27 } }), threads: taskUsageOf({ name: 'zstd', cpuPercent: 75 }, { name: 'kvm', cpuPercent: 35 }) },
        symptoms: ['cpu-pressure'],
      },
      {
        name: 'the same for less than a minute: the load has not risen yet',
        given: { running: { ...backup, tasks: [{ ...backup.tasks[0]!, elapsedSeconds: 36 }] }, cpu: cpuUsageOf({ cpuCount: 2, busyPercent: 87, userPercent: 60, idlePercent: 12 }), pressure: pressureOf({ cpu: { somePercent: 44 }, io: { somePercent: 4 } }), threads: taskUsageOf({ name: 'zstd', cpuPercent: 86 }) },
        symptoms: ['cpu-pressure'],
      },
    ],
    refuting: [
      {
        name: 'a backup packs with a tenth of the processors while guests compute',
        given: { running: backup, cpu: cpuUsageOf({ cpuCount: 16, busyPercent: 99, userPercent: 95, idlePercent: 1 }), pressure: pressureOf({ cpu: { somePercent: 80 }, io: { somePercent: 3 } }), threads: taskUsageOf({ name: 'zstd', cpuPercent: 100 }, { name: 'kvm', cpuPercent: 1_450 }) },
        symptoms: ['cpu-pressure', 'high-load'],
      },
      { name: 'nothing runs', given: { running: { copying: [], tasks: [] }, pressure: pressureOf({ io: { somePercent: 80 } }) }, expect: 'ruled-out' },
      { name: 'a backup over the network that nobody feels', given: { running: backup, cpu: cpuUsageOf(), pressure: pressureOf({ io: { somePercent: 3 } }) } },
      {
        name: 'an old tar that sleeps',
        given: { running: { copying: [{ pid: 1, name: 'tar', state: 'S', elapsedSeconds: 90_000, readBytes: 5e6, writtenBytes: 0 }], tasks: [] }, pressure: pressureOf({ io: { somePercent: 60 } }) },
        expect: 'ruled-out',
      },
      {
        name: 'a mount of rclone that has been there for weeks',
        given: { running: { copying: [{ pid: 1, name: 'rclone', state: 'S', elapsedSeconds: 2_000_000, readBytes: 4e9, writtenBytes: 1e9 }], tasks: [] }, pressure: pressureOf({ io: { somePercent: 60 } }) },
        expect: 'ruled-out',
      },
      { name: 'a guest is being started', given: { running: { copying: [], tasks: [{ type: 'qmstart', guestId: '100', pid: 1, elapsedSeconds: 3 }] }, pressure: pressureOf({ io: { somePercent: 60 } }) }, expect: 'ruled-out' },
    ],
  },
});
