import { defineHypothesis } from '../../define/hypothesis.ts';
import { optional } from '../../define/source.ts';
import { cpuUsage as cpuUsageOf, pressureNow as pressureOf } from '../cpu/cpu-usage.samples.ts';
import cpuUsage from '../cpu/cpu-usage.fact.ts';
import pressureNow from '../cpu/pressure-now.fact.ts';
import { agoText, percentText } from '../kernel/number-text.ts';
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
so do they. Most of the time that is all there is to it. During the backup of a VM, its writes also wait for the backup's target when that is slow, unless fleecing is on.

To be sure by hand: the task log in the web interface, or \`cat /var/log/pve/tasks/active\` and \`iotop -oPa\`. Compare with the time before it began.`,
  needs: { running: runningTasks, cpu: optional(cpuUsage), pressure: optional(pressureNow) },
  prior: 1 / 30,
  explains: { 'io-delay': 0.7, 'disk-latency': 0.6, 'guest-slow': 0.4, 'high-load': 0.4, 'cpu-pressure': 0.2 },
  evidence: [
    {
      when: ({ running, cpu, pressure }) => jobsOf(running).length > 0 && waitPercent(cpu, pressure) >= 10,
      decisive: true,
      likelihood: { ifCause: 0.9, otherwise: 0.05 },
      says: ({ running, cpu, pressure }) => {
        const jobs = jobsOf(running);
        return `Running now: ${jobs.slice(0, 3).join('; ')}${jobs.length > 3 ? `; and ${jobs.length - 3} more` : ''}. Meanwhile tasks wait for input and output ${percentText(waitPercent(cpu, pressure))} of the time.`;
      },
      saysNot: ({ running }) => (jobsOf(running).length > 0 ? 'A copy is running, but hardly anything waits for input and output.' : 'No backup or large copy is running.'),
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
    ],
    refuting: [
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
