import { defineHypothesis } from '../../define/hypothesis.ts';
import { optional } from '../../define/source.ts';
import bootHistory from '../kernel/boot-history.probe.ts';
import { countText } from '../kernel/number-text.ts';
import { agoText } from '../../lib/duration-text.ts';
import operatingSystem from '../kernel/os.probe.ts';
import { proxmoxHost } from '../kernel/os.samples.ts';
import { clusterLog, logLine, reportsOf } from './cluster.samples.ts';
import giveClusterOwnNetwork from './give-cluster-own-network.mitigation.ts';
import managerReports from './manager-reports.probe.ts';
import proxmoxLog, { type ProxmoxLog, type ProxmoxLogLine } from './proxmox-log.probe.ts';
import restoreQuorum from './restore-quorum.mitigation.ts';

/** A reset longer ago explains nothing of today. */
const recentSeconds = 7 * 86_400;
/** The watchdog fires 60 seconds after the last sign of life, and what was logged last may be lost. */
const beforeEndSeconds = 180;

const expired = (log: ProxmoxLog): ProxmoxLogLine | undefined =>
  log.previousBoot.find(({ program, text }) => program === 'watchdog-mux' && /watchdog expired|did not stop watchdog|disable watchdog updates|exit watchdog-mux with active connections/.test(text));

const aboutTo = (log: ProxmoxLog): ProxmoxLogLine | undefined => log.previousBoot.findLast(({ program, text }) => program === 'watchdog-mux' && text.includes('about to expire'));

/** The last word of the boot before about its quorum, when that was its loss, shortly before the end. */
function lostAtTheEnd(log: ProxmoxLog, endedAt: number): ProxmoxLogLine | undefined {
  const last = log.previousBoot.findLast(({ text }) => /node (?:lost|has) quorum|within the (?:non-)?primary component/.test(text));
  return last !== undefined && /lost quorum|non-primary/.test(last.text) && endedAt - last.at <= beforeEndSeconds ? last : undefined;
}

const endOf = (log: ProxmoxLog, lastEntry: number | undefined): number => lastEntry ?? log.previousBoot.at(-1)?.at ?? 0;

const unclean = { previousBootEndedCleanly: false, source: 'journal', bootsKnown: 5, crashRecords: 0, previousBootLastEntrySeconds: 1_699_998_000 } as const;
const lost = logLine('pmxcfs', 2_070, '[status] notice: node lost quorum');
const fired = logLine('watchdog-mux', 2_005, 'client watchdog expired - disable watchdog updates');
const justBooted = { ...proxmoxHost, uptimeSeconds: 1_800 };

export default defineHypothesis({
  id: 'ha-fencing',
  subject: 'guests',
  proven: 'documentation',
  title: 'The node reset itself for high availability',
  about: `A node with highly available guests must show within each minute that it is in quorum and can write \`/etc/pve\`. When it cannot, its watchdog resets it hard, so that its guests may be started elsewhere without running twice
(fencing). It looks like a hardware fault: no shutdown, no crash record. The cause is what kept the node from its quorum: the network of the cluster, a stuck disk under \`/var/lib/pve-cluster\`, or a host too busy to answer.

To be sure by hand: \`journalctl -b -1 -n 60\` ends with \`watchdog-mux: client watchdog expired\` or with \`node lost quorum\` about a minute before its end; \`ha-manager status\`; the other nodes' logs show the same second.`,
  needs: { log: proxmoxLog, boots: bootHistory, system: operatingSystem, reports: optional(managerReports) },
  objects: ({ log }) => [{ object: 'host', before: log.previousBoot }],
  noObjects: 'this is not a Proxmox VE host',
  prior: 1 / 250,
  explains: { rebooted: 0.97, 'guest-down': 0.3, 'target-missing': 0.2, 'backup-missed': 0.1 },
  evidence: [
    {
      outcome: ({ log, boots, system }) => {
        if (boots.previousBootEndedCleanly !== false) return 'not-known';
        if (system.uptimeSeconds > recentSeconds) return 'long-ago';
        if (expired(log) !== undefined) return 'expired';
        if (aboutTo(log) !== undefined) return 'about-to';
        return lostAtTheEnd(log, endOf(log, boots.previousBootLastEntrySeconds)) === undefined ? 'nothing' : 'no-quorum';
      },
      table: {
        expired: { ifCause: 0.6, otherwise: 0.0001, decisive: true, says: ({ system }) => `The boot before, until ${agoText(system.uptimeSeconds)} ago, ended with the watchdog of the cluster running out, and without a shutdown.` },
        'about-to': { ifCause: 0.15, otherwise: 0.0003, decisive: true, says: 'The last that the boot before logged is that the watchdog of the cluster was about to run out.' },
        'no-quorum': { ifCause: 0.15, otherwise: 0.003, says: 'The boot before ended without a shutdown, about a minute after the node had lost its quorum.' },
        nothing: { ifCause: 0.07, otherwise: 0.3, says: 'The log of the boot before tells neither of the watchdog nor of a lost quorum.' },
        'long-ago': { ifCause: 0.02, otherwise: 0.35, says: ({ system }) => `The host has been running for ${agoText(system.uptimeSeconds)}.` },
        'not-known': { ifCause: 0.01, otherwise: 0.3, says: 'Nothing says that the boot before ended without a shutdown.' },
      },
      excerpt: ({ log, boots }) => (expired(log) ?? aboutTo(log) ?? lostAtTheEnd(log, endOf(log, boots.previousBootLastEntrySeconds)))?.text ?? '',
    },
    {
      when: ({ reports }) => (reports?.proxmox?.highlyAvailableGuests ?? 0) > 0,
      likelihood: { ifCause: 0.95, otherwise: 0.2 },
      says: ({ reports }) => `${countText(reports?.proxmox?.highlyAvailableGuests ?? 0, 'guest is', 'guests are')} highly available: such a node resets itself when it loses its quorum.`,
      saysNot: 'No highly available guest is known.',
    },
  ],
  ruledOut: [
    { when: ({ boots }) => boots.previousBootEndedCleanly === true, says: 'the boot before ended with an orderly shutdown' },
    {
      when: ({ reports, log }) => reports?.proxmox?.highlyAvailableGuests === 0 && expired(log) === undefined && aboutTo(log) === undefined,
      says: 'no guest is highly available, so the watchdog is not armed',
    },
  ],
  urgency: 'today',
  dataAtRisk: false,
  containment: ['Until the cause is found: take the guests out of high availability (`ha-manager set <guest> --state ignored`), and wait two minutes for the watchdog to be disarmed.'],
  doNot: ['Do not restart corosync or pve-cluster on a node with highly available guests while another node is away.'],
  mitigations: [giveClusterOwnNetwork, restoreQuorum],
  references: ['pve-docs ha-manager.adoc (fencing)', 'proxmox/pve-ha-manager src/watchdog-mux.c'],
  examples: {
    supporting: [
      { name: 'the watchdog ran out', given: { log: clusterLog([], [lost, fired]), boots: unclean, system: justBooted, reports: reportsOf() }, symptoms: ['rebooted'], expect: 'identified' },
      { name: 'the last that was logged is that it was about to', given: { log: clusterLog([], [lost, logLine('watchdog-mux', 2_012, 'client (PID 3438) watchdog is about to expire')]), boots: unclean, system: justBooted, reports: reportsOf() }, symptoms: ['rebooted'], expect: 'identified' },
      { name: 'only the loss of the quorum was kept', given: { log: clusterLog([], [lost]), boots: unclean, system: justBooted, reports: reportsOf() }, symptoms: ['rebooted'], expect: 'suspected' },
    ],
    refuting: [
      { name: 'power failed: quorum was there to the end', given: { log: clusterLog([], [logLine('pmxcfs', 90_000, '[status] notice: node has quorum')]), boots: unclean, system: justBooted, reports: reportsOf() }, symptoms: ['rebooted'], expect: 'not-a-cause' },
      { name: 'a planned reboot without quorum', given: { log: clusterLog([], [lost]), boots: { ...unclean, previousBootEndedCleanly: true }, system: justBooted, reports: reportsOf() }, symptoms: ['rebooted'], expect: 'ruled-out' },
      { name: 'no guest is highly available', given: { log: clusterLog([], [lost]), boots: unclean, system: justBooted, reports: reportsOf([], { highlyAvailableGuests: 0 }) }, symptoms: ['rebooted'], expect: 'ruled-out' },
      { name: 'months ago', given: { log: clusterLog([], [lost, fired]), boots: unclean, system: { ...proxmoxHost, uptimeSeconds: 9_000_000 }, reports: reportsOf() }, symptoms: ['guest-down'], expect: 'not-a-cause' },
      { name: 'not a Proxmox VE host', given: { log: { status: 'absent', detail: 'this is not a Proxmox VE host' } }, expect: 'ruled-out' },
    ],
  },
});
