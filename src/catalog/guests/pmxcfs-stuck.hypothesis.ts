import { defineHypothesis } from '../../define/hypothesis.ts';
import { optional } from '../../define/source.ts';
import blockedTasks from '../kernel/blocked-tasks.probe.ts';
import { countText } from '../kernel/number-text.ts';
import { clusterLog, logLine } from './cluster.samples.ts';
import { isProxmoxDaemon, waitsForFuse } from './cluster-waiters.ts';
import pmxcfs from './pmxcfs.probe.ts';
import proxmoxLog, { type ProxmoxLog, type ProxmoxLogLine } from './proxmox-log.probe.ts';
import restartPmxcfs from './restart-pmxcfs.mitigation.ts';

const hourSeconds = 3_600;

/** It cannot pass messages on to the other nodes, cannot write its database, or has lost corosync. */
const trouble = (log: ProxmoxLog): ProxmoxLogLine[] =>
  log.lines.filter(({ program, at, text }) => program === 'pmxcfs' && log.now - at < hourSeconds && /cpg_send_message (?:retry|failed)|\] crit: |database or disk is full/.test(text));

const waiter = { tid: 900, pid: 900, name: 'pvestatd', kernelThread: false, waitsIn: 'request_wait_answer', stack: ['request_wait_answer', 'fuse_simple_request'] };
const waiters = { tasks: [waiter, { ...waiter, tid: 901, pid: 901, name: 'pvescheduler' }], count: 2 };
const nobody = { tasks: [], count: 0 };
const well = { mounted: true, process: { pid: 1402, state: 'S' }, answer: 'answers', seconds: 0.02 } as const;

export default defineHypothesis({
  id: 'pmxcfs-stuck',
  subject: 'guests',
  proven: 'documentation',
  title: 'The cluster file system /etc/pve does not answer',
  about: `\`/etc/pve\` is a file system inside a process (\`pmxcfs\`, the service \`pve-cluster\`), which passes every change to the other nodes. When it hangs, or dies and leaves its mount behind, every daemon of Proxmox VE that
touches the folder hangs with it: the web page, \`qm\`, \`pct\`, backups, high availability. Guests run on. It hangs when corosync takes no messages (\`cpg_send_message retry\`), or when the disk under
\`/var/lib/pve-cluster\` is full or does not answer.

To be sure by hand: \`timeout -s KILL 5 stat /etc/pve/nodes\`, \`journalctl -u pve-cluster -n 50\`, \`df -h /var/lib/pve-cluster\`. Do not run \`ls /etc/pve\` without a time limit: it may not be possible to end it.`,
  needs: { files: pmxcfs, blocked: optional(blockedTasks), log: optional(proxmoxLog) },
  objects: ({ files }) => [{ object: 'host', files }],
  noObjects: 'this is not a Proxmox VE host',
  prior: 1 / 300,
  explains: { 'high-load': 0.4, 'backup-missed': 0.4, 'guest-down': 0.3, 'target-missing': 0.3, rebooted: 0.05 },
  evidence: [
    {
      outcome: ({ files }) => {
        if (!files.mounted) return 'not-mounted';
        if (files.answer === 'answers') return (files.seconds ?? 0) >= 1.5 ? 'slow' : 'answers';
        return files.answer ?? 'not-known';
      },
      table: {
        stuck: { ifCause: 0.25, otherwise: 0.0001, decisive: true, says: 'A question to /etc/pve hangs, and cannot even be withdrawn.' },
        hangs: { ifCause: 0.35, otherwise: 0.0003, decisive: true, says: '/etc/pve gave no answer within four seconds.' },
        fails: { ifCause: 0.1, otherwise: 0.00003, decisive: true, says: '/etc/pve is mounted, but each question fails: the process behind it is gone.' },
        'not-mounted': { ifCause: 0.15, otherwise: 0.0003, decisive: true, says: ({ files }) => `/etc/pve is not mounted${files.process === undefined ? ', and its process does not run' : ''}.` },
        slow: { ifCause: 0.05, otherwise: 0.005, says: ({ files }) => `/etc/pve took ${files.seconds ?? 0} s to answer.` },
        answers: { ifCause: 0.1, otherwise: 0.99, says: ({ files }) => `/etc/pve answers within ${(files.seconds ?? 0).toFixed(2)} s.` },
      },
      excerpt: ({ files }) => `mounted ${files.mounted}, pmxcfs ${files.process?.state ?? 'does not run'}, ${files.answer ?? 'not asked'}`,
    },
    {
      when: ({ blocked }) => (blocked?.tasks ?? []).some((task) => isProxmoxDaemon(task.name) && waitsForFuse(task)),
      likelihood: { ifCause: 0.3, otherwise: 0.002 },
      says: ({ blocked }) => {
        const names = (blocked?.tasks ?? []).filter((task) => isProxmoxDaemon(task.name) && waitsForFuse(task)).map(({ name }) => name);
        return `${countText(names.length, 'process', 'processes')} of Proxmox VE cannot be ended and wait for a file system in a process: ${[...new Set(names)].slice(0, 4).join(', ')}.`;
      },
    },
    {
      when: ({ log }) => log !== undefined && trouble(log).length > 0,
      likelihood: { ifCause: 0.3, otherwise: 0.01 },
      says: ({ log }) => (log === undefined ? '' : `Its process logged trouble ${countText(trouble(log).length, 'time', 'times')} in the last hour.`),
      excerpt: ({ log }) => (log === undefined ? '' : (trouble(log).at(-1)?.text ?? '')),
    },
  ],
  ruledOut: [
    {
      when: ({ files, blocked }) => files.answer === 'answers' && (files.seconds ?? 0) < 1.5 && !(blocked?.tasks ?? []).some((task) => isProxmoxDaemon(task.name) && waitsForFuse(task)),
      says: '/etc/pve answers at once, and nothing waits for it',
    },
  ],
  broughtBy: ['virtualisation'],
  mechanisms: ['hung-tasks'],
  urgency: 'now',
  dataAtRisk: false,
  containment: ['Leave the guests alone: they run on.', 'Make room under /var/lib/pve-cluster if it is full.'],
  doNot: ['Do not open the folder, `qm` or `pct` again and again: each may hang for good.', 'Do not reboot with guests running: they cannot be shut down in order while /etc/pve hangs.'],
  mitigations: [restartPmxcfs],
  references: ['pve-docs pmxcfs(8)', 'Linux Documentation/filesystems/fuse.rst'],
  examples: {
    supporting: [
      { name: 'it does not answer, and daemons pile up', given: { files: { ...well, process: { pid: 1402, state: 'D' }, answer: 'hangs' }, blocked: waiters, log: clusterLog([logLine('pmxcfs', 60, '[status] notice: cpg_send_message retry 80')]) }, symptoms: ['high-load'], expect: 'identified' },
      { name: 'the process died and left its mount behind', given: { files: { mounted: true, answer: 'fails' }, blocked: nobody }, symptoms: ['backup-missed'], expect: 'identified' },
    ],
    refuting: [
      { name: 'it answers', given: { files: well, blocked: nobody, log: clusterLog() }, expect: 'ruled-out' },
      { name: 'messages were late during an update, it answers', given: { files: well, blocked: nobody, log: clusterLog([logLine('pmxcfs', 600, '[status] notice: cpg_send_message retry 10')]) }, expect: 'ruled-out' },
      { name: 'a status daemon that waits for a storage server', given: { files: well, blocked: { tasks: [{ ...waiter, waitsIn: 'rpc_wait_bit_killable', stack: [] }], count: 1 } }, expect: 'ruled-out' },
      { name: 'not a Proxmox VE host', given: { files: { status: 'absent', detail: 'this is not a Proxmox VE host' } }, expect: 'ruled-out' },
    ],
  },
});
