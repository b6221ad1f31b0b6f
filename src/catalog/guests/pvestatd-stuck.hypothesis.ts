import { defineHypothesis } from '../../define/hypothesis.ts';
import { optional } from '../../define/source.ts';
import blockedTasks from '../kernel/blocked-tasks.probe.ts';
import failedUnits from '../kernel/failed-units.probe.ts';
import { agoText } from '../../lib/duration-text.ts';
import operatingSystem from '../kernel/os.probe.ts';
import { proxmoxHost } from '../kernel/os.samples.ts';
import { clock, clusterLog, logLine, reportsOf, storageOf } from './cluster.samples.ts';
import managerReports, { type ManagerReports } from './manager-reports.probe.ts';
import proxmoxLog, { type ProxmoxLog } from './proxmox-log.probe.ts';
import proxmox, { type Proxmox } from './proxmox.probe.ts';
import restartPvestatd from './restart-pvestatd.mitigation.ts';

/** It reports every ten seconds. */
const lateSeconds = 90;
const slowSeconds = 20;
/** The daemons need a while after the boot. */
const bootSeconds = 600;

interface Report {
  readonly now: number;
  readonly proxmox: NonNullable<ManagerReports['proxmox']>;
}

const lateBy = ({ now, proxmox: told }: Report): number => (told.nodeReportedAt === undefined ? Number.POSITIVE_INFINITY : now - told.nodeReportedAt);

/** How long one round took, the longest of the last ten minutes: `status update time (12.345 seconds)`. */
function longestRound(log: ProxmoxLog | undefined): number {
  const rounds = (log?.lines ?? []).flatMap(({ program, at, text }) => {
    const seconds = /status update time \((\d{1,6}\.\d{1,3}) seconds\)/.exec(text)?.[1];
    return program === 'pvestatd' && seconds !== undefined && (log?.now ?? 0) - at < bootSeconds ? [Number(seconds)] : [];
  });
  return Math.max(0, ...rounds);
}

/** Storages that should be here, and that the daemon did not report as active. */
function silentStorages(host: Proxmox, { proxmox: told }: Report): string[] {
  if (!told.hasReports) return [];
  const here = host.storages.filter(({ disabled, nodes }) => !disabled && (nodes.length === 0 || nodes.includes(host.nodeName ?? '')));
  return here.map(({ name }) => name).filter((name) => !told.storages.some((storage) => storage.name === name));
}

const waiting = { tasks: [{ tid: 1600, pid: 1600, name: 'pvestatd', kernelThread: false, waitsIn: 'rpc_wait_bit_killable', stack: [] }], count: 1 };
const nobody = { tasks: [], count: 0 };
const host: Proxmox = { configMounted: true, nodeName: 'pve1', storages: [storageOf('local-zfs', 'zfspool'), storageOf('nas', 'nfs')] };
const late = reportsOf([], { nodeReportedAt: clock - 240 });
const bothStorages = ['local-zfs', 'nas'].map((name) => ({ name, reportedAt: clock - 6 }));

export default defineHypothesis({
  id: 'pvestatd-stuck',
  subject: 'guests',
  proven: 'documentation',
  title: 'The status daemon of Proxmox VE does not report',
  about: `\`pvestatd\` goes round every ten seconds: node, guests, then each storage. When one of them does not answer (an NFS server, a hung disk, a guest whose QEMU is stuck), the round stops there, and after
some minutes the node, its guests and its storages are shown with grey question marks and without graphs. Guests are not touched by it, although all looks dead; metrics that are sent from here stop as well, and so does the
balancing of memory between guests. What it waits for is what has to be repaired.

To be sure by hand: \`systemctl status pvestatd\`, \`journalctl -u pvestatd -n 50\` (\`got timeout\`, \`status update time\`), and \`ps -o pid,state,wchan:32,comm -C pvestatd\`.`,
  needs: { reports: managerReports, system: operatingSystem, blocked: optional(blockedTasks), log: optional(proxmoxLog), failed: optional(failedUnits), host: optional(proxmox) },
  objects: ({ reports }) => (reports.proxmox === undefined ? [] : [{ object: 'host', report: { now: reports.now, proxmox: reports.proxmox } }]),
  noObjects: 'Proxmox VE does not run here',
  prior: 1 / 300,
  explains: { 'target-missing': 0.5, 'high-load': 0.15, 'backup-missed': 0.1 },
  evidence: [
    {
      outcome: ({ system, log, failed }, { report }) => {
        if (failed?.units.some(({ unit }) => unit === 'pvestatd.service')) return 'failed';
        if (system.uptimeSeconds < bootSeconds) return 'booting';
        if (!report.proxmox.hasReports) return 'not known';
        if (lateBy(report) > lateSeconds) return 'late';
        return longestRound(log) >= slowSeconds ? 'slow' : 'on-time';
      },
      table: {
        late: {
          ifCause: 0.75,
          otherwise: 0.0003,
          decisive: true,
          says: (_, { report }) => `The status daemon, which reports every ten seconds, last did so ${Number.isFinite(lateBy(report)) ? `${agoText(lateBy(report))} ago` : 'more than five minutes ago'}.`,
        },
        failed: { ifCause: 0.1, otherwise: 0.0003, decisive: true, says: 'The service pvestatd has failed and does not run.' },
        slow: { ifCause: 0.1, otherwise: 0.01, says: ({ log }) => `A round of the status daemon took ${Math.round(longestRound(log))} s within the last ten minutes.` },
        booting: { ifCause: 0.02, otherwise: 0.02, says: 'The host has just booted.' },
        'on-time': { ifCause: 0.02, otherwise: 0.97, says: (_, { report }) => `The status daemon reported ${agoText(Math.max(0, lateBy(report)))} ago.` },
      },
      excerpt: (_, { report }) => `.rrd: node reported at ${report.proxmox.nodeReportedAt ?? 'no time that is known'}, now ${report.now}`,
    },
    {
      when: ({ blocked }) => (blocked?.tasks ?? []).some(({ name }) => name === 'pvestatd'),
      likelihood: { ifCause: 0.4, otherwise: 0.003 },
      says: ({ blocked }) => `Its process cannot be interrupted; it waits in the kernel function ${blocked?.tasks.find(({ name }) => name === 'pvestatd')?.waitsIn ?? 'that root may see'}.`,
    },
    {
      when: ({ host: settings }, { report }) => settings !== undefined && silentStorages(settings, report).length > 0,
      likelihood: { ifCause: 0.6, otherwise: 0.1 },
      says: ({ host: settings }, { report }) => (settings === undefined ? '' : `Not reported as active: ${silentStorages(settings, report).slice(0, 5).map((name) => `storage ${name}`).join(', ')}.`),
    },
  ],
  ruledOut: [{ when: ({ log, failed }, { report }) => lateBy(report) <= 30 && longestRound(log) < slowSeconds && !(failed?.units ?? []).some(({ unit }) => unit === 'pvestatd.service'), says: 'the status daemon reports on time' }],
  broughtBy: ['virtualisation'],
  mechanisms: ['hung-tasks'],
  urgency: 'today',
  dataAtRisk: false,
  containment: ['Disable the storage that does not answer: `pvesm set <storage> --disable 1`.'],
  doNot: ['Do not reboot for the sake of the grey question marks: the guests run.'],
  mitigations: [restartPvestatd],
  references: ['pve-docs pmxcfs(8) (/etc/pve/.rrd)', 'proxmox/pve-manager PVE/Service/pvestatd.pm'],
  examples: {
    supporting: [
      { name: 'it waits for an NFS server', given: { reports: late, system: proxmoxHost, blocked: waiting, log: clusterLog(), failed: { units: [] }, host }, symptoms: ['target-missing'], expect: 'identified' },
      { name: 'no report is left of the last five minutes', given: { reports: reportsOf([], { nodeReportedAt: undefined, storages: [] }), system: proxmoxHost, blocked: nobody }, symptoms: ['target-missing'], expect: 'identified' },
    ],
    refuting: [
      { name: 'it reports on time, a storage is off', given: { reports: reportsOf(), system: proxmoxHost, blocked: nobody, log: clusterLog([logLine('pvestatd', 40, "storage 'nas' is not online")]), host }, expect: 'ruled-out' },
      { name: 'rounds of six seconds', given: { reports: reportsOf([], { storages: bothStorages }), system: proxmoxHost, blocked: nobody, log: clusterLog([logLine('pvestatd', 40, 'status update time (6.234 seconds)')]), host }, expect: 'ruled-out' },
      { name: 'two minutes after the boot', given: { reports: reportsOf([], { nodeReportedAt: undefined, storages: [] }), system: { ...proxmoxHost, uptimeSeconds: 120 }, blocked: nobody }, expect: 'not-a-cause' },
      { name: 'settings that do not come from pmxcfs, without any reports', given: { reports: reportsOf([], { hasReports: false, nodeReportedAt: undefined, storages: [] }), system: proxmoxHost, blocked: nobody, host }, expect: 'not-a-cause' },
      { name: 'a host with libvirt', given: { reports: { now: clock, guests: [] } }, expect: 'ruled-out' },
    ],
  },
});
