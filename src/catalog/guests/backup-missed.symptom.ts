import { defineSymptom, type Detection } from '../../define/symptom.ts';
import { optional } from '../../define/source.ts';
import { agoText } from '../../lib/duration-text.ts';
import operatingSystem from '../kernel/os.probe.ts';
import { proxmoxHost } from '../kernel/os.samples.ts';
import backupJobs, { type BackupJob, type BackupJobs } from './backup-jobs.probe.ts';
import guests from './guests.fact.ts';

const daySeconds = 86_400;
const now = 1_700_000_000;

/** How often a job runs, in days, where its calendar event says so plainly (systemd.time(7), as Proxmox VE writes it). */
export function periodDays(schedule: string): number | undefined {
  const text = schedule.trim().toLowerCase();
  if (text === 'daily' || text === 'hourly' || /^(\*-\*-\* )?\d{1,2}(,\d{1,2}){0,23}:\d{1,2}(:\d{1,2})?$/.test(text)) return 1;
  if (text === 'weekly' || /^(mon|tue|wed|thu|fri|sat|sun)([a-z,.]{0,40})( \d{1,2}(:\d{1,2})?)?$/.test(text)) return 7;
  return text === 'monthly' ? 31 : undefined;
}

/** A job that has none of its guests on this node runs elsewhere and leaves nothing in this node's log. Of a pool the members are not known. */
function isForThisNode(job: BackupJob, local: ReadonlySet<string> | undefined): boolean {
  return job.all || job.pool !== undefined || local === undefined || job.guestIds.some((id) => local.has(id));
}

function jobOf(more: Partial<BackupJob> = {}): BackupJob {
  return { id: 'backup-5a1c', enabled: true, schedule: '21:00', all: true, guestIds: [], ...more };
}

const localGuest = { object: 'qemu/100', kind: 'qemu', name: '100', title: 'VM 100', running: true } as const;

function resultAgo(seconds: number, more: Partial<BackupJobs['results'][number]> = {}): BackupJobs['results'][number] {
  return { guestId: '', startedAt: now - seconds - 600, endedAt: now - seconds, ok: true, says: 'OK', ...more };
}

function given(more: Partial<BackupJobs>): { backups: BackupJobs; system: typeof proxmoxHost } {
  return { backups: { jobs: [jobOf()], results: [], oldestTaskAt: now - 60 * daySeconds, now, ...more }, system: proxmoxHost };
}

export default defineSymptom({
  id: 'backup-missed',
  title: 'A backup is missing',
  about: `The last scheduled backup on this node failed, or none has run for more than twice the time between two runs although a job is enabled. It is told from Proxmox VE's
jobs (\`/etc/pve/jobs.cfg\`) and its log of finished tasks (\`/var/log/pve/tasks/index\`); backups by other means, and by other nodes, are not seen, nor whether a backup can be restored.`,
  leak: 0.3,
  needs: { backups: backupJobs, system: optional(operatingSystem), names: optional(guests) },
  detect: ({ backups: { jobs, results, oldestTaskAt, now: at }, system, names }): readonly Detection[] => {
    const local = names?.settingsKnown === true ? new Set(names.guests.map((guest) => guest.name)) : undefined;
    const enabled = jobs.filter((job) => job.enabled && isForThisNode(job, local));
    if (enabled.length === 0) return [];
    const covers = (job: BackupJob, guestId: string): boolean => job.all || job.pool !== undefined || job.guestIds.includes(guestId);
    const ofJobs = results.filter((result) => result.guestId === '' || enabled.some((job) => covers(job, result.guestId)));
    const last = ofJobs.at(-1);
    const seen = (value: number, limit: number, says: string): readonly Detection[] => [{ object: 'host', value, limit, unit: 'seconds', says }];
    if (last !== undefined && !last.ok) {
      const ago = at - last.endedAt;
      return seen(ago, 0, `The last backup, which ended ${agoText(ago)} ago, failed: ${last.says}.`);
    }
    const periods = enabled.map((job) => periodDays(job.schedule));
    if (periods.some((days) => days === undefined) || enabled.some((job) => job.node !== undefined)) return [];
    const limit = 2 * Math.max(...periods.map((days) => days ?? 0)) * daySeconds + daySeconds / 4;
    const since = last === undefined ? oldestTaskAt : last.endedAt;
    if (since === undefined || at - since <= limit || (system !== undefined && system.uptimeSeconds <= limit)) return [];
    const says = last === undefined ? 'No backup is in the task log' : `The last backup ended ${agoText(at - since)} ago`;
    return seen(at - since, limit, `${says}, although ${enabled.length === 1 ? 'a job is' : `${enabled.length} jobs are`} enabled (${enabled.map((job) => job.schedule).join('; ')}).`);
  },
  examples: {
    present: [
      { name: 'the last one failed', given: given({ results: [resultAgo(90_000), resultAgo(3_600, { ok: false, says: 'job errors' })] }), objects: ['host'] },
      { name: 'a daily job, and nothing for five days', given: given({ results: [resultAgo(5 * daySeconds)] }) },
    ],
    absent: [
      { name: 'the last night went well', given: given({ results: [resultAgo(36_000)] }) },
      { name: 'one failed, the next went well', given: given({ results: [resultAgo(90_000, { ok: false, says: 'job errors' }), resultAgo(3_600)] }) },
      { name: 'no job is enabled', given: given({ jobs: [jobOf({ enabled: false })], results: [resultAgo(50 * daySeconds)] }) },
      { name: 'a job for all on a node with one guest: its task carries the id of that guest', given: given({ results: [resultAgo(36_000, { guestId: '100' })] }) },
      {
        name: 'the guests of the job live on another node of the cluster',
        given: { ...given({ jobs: [jobOf({ all: false, guestIds: ['104'] })] }), names: { settingsKnown: true, guests: [localGuest] } },
      },
      { name: 'a job of another node', given: given({ jobs: [jobOf({ node: 'pve2' })] }) },
      { name: 'a backup of one guest by hand failed, which no job covers', given: given({ jobs: [jobOf({ all: false, guestIds: ['104'] })], results: [resultAgo(9_000), resultAgo(60, { guestId: '100', ok: false, says: 'interrupted by signal' })] }) },
      { name: 'a weekly job six days ago', given: given({ jobs: [jobOf({ schedule: 'sat 02:00' })], results: [resultAgo(6 * daySeconds)] }) },
      { name: 'a schedule that is not plain', given: given({ jobs: [jobOf({ schedule: '*-*-1..7 02:00/3' })], results: [resultAgo(20 * daySeconds)] }) },
    ],
  },
});
