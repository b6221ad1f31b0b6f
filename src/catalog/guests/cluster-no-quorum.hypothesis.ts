import { defineHypothesis } from '../../define/hypothesis.ts';
import { optional } from '../../define/source.ts';
import { countText } from '../kernel/number-text.ts';
import { agoText } from '../../lib/duration-text.ts';
import { clusterLog, clusterOf, logLine } from './cluster.samples.ts';
import giveClusterOwnNetwork from './give-cluster-own-network.mitigation.ts';
import proxmoxLog, { type ProxmoxLog, type ProxmoxLogLine } from './proxmox-log.probe.ts';
import proxmox from './proxmox.probe.ts';
import restoreQuorum from './restore-quorum.mitigation.ts';

const daySeconds = 86_400;
/** Twice may be the reboot of two nodes one after the other. */
const often = 3;

/** pmxcfs says it once for each change. */
const losses = (log: ProxmoxLog): ProxmoxLogLine[] => log.lines.filter(({ program, at, text }) => program === 'pmxcfs' && text.includes('node lost quorum') && log.now - at < daySeconds);

const linkLosses = (log: ProxmoxLog): ProxmoxLogLine[] =>
  log.lines.filter(({ program, at, text }) => program === 'corosync' && log.now - at < daySeconds && /link: \d{1,4} is down|Token has not been received/.test(text));

const lostLine = (secondsAgo: number): ProxmoxLogLine => logLine('pmxcfs', secondsAgo, '[status] notice: node lost quorum');
const foundLine = (secondsAgo: number): ProxmoxLogLine => logLine('pmxcfs', secondsAgo, '[status] notice: node has quorum');
const linkDown = (secondsAgo: number): ProxmoxLogLine => logLine('corosync', secondsAgo, '  [KNET  ] link: host: 2 link: 0 is down');

export default defineHypothesis({
  id: 'cluster-no-quorum',
  subject: 'guests',
  proven: 'documentation',
  title: 'The node has lost the majority of its cluster',
  about: `The nodes of a Proxmox VE cluster agree by majority (corosync). A node that does not hear more than half of the votes turns \`/etc/pve\` read-only: its guests run on, but nothing can be started, stopped, changed or
migrated, scheduled backups do not begin, and logging in at the web page may fail. A node with highly available guests resets itself after a minute. Usually other nodes are off, or backups, storage traffic or a
switch disturb the network that corosync uses: it bears no more than a few milliseconds.

To be sure by hand: \`pvecm status\` (\`Quorate:\`), \`corosync-cfgtool -s\`, \`journalctl -u corosync -u pve-cluster -n 100\`.`,
  needs: { proxmox, log: optional(proxmoxLog) },
  objects: ({ proxmox: { cluster } }) => (cluster === undefined ? [] : [{ object: 'host', cluster, missing: cluster.nodes.filter((node) => !node.online).map((node) => node.name) }]),
  noObjects: 'this node is in no cluster',
  prior: 1 / 150,
  explains: { 'redundancy-lost': 0.9, 'backup-missed': 0.5, 'guest-down': 0.3, rebooted: 0.2, 'target-missing': 0.1 },
  evidence: [
    {
      outcome: ({ log }, { cluster }) => {
        if (cluster.quorate === false) return 'lost';
        if (cluster.quorate === undefined) return 'unknown';
        return log !== undefined && losses(log).length >= often ? 'comes-and-goes' : 'quorate';
      },
      table: {
        lost: {
          ifCause: 0.85,
          otherwise: 0.0002,
          decisive: true,
          says: (_, { cluster, missing }) =>
            `The cluster ${cluster.name} has no quorum here: ${cluster.nodes.length - missing.length} of ${countText(cluster.nodes.length, 'node')} online${missing.length > 0 ? `, ${missing.slice(0, 6).join(', ')} missing` : ''}. /etc/pve is read-only.`,
        },
        'comes-and-goes': {
          ifCause: 0.1,
          otherwise: 0.003,
          says: ({ log }) => (log === undefined ? '' : `The node lost its quorum ${countText(losses(log).length, 'time', 'times')} in the last 24 hours, the last time ${agoText(log.now - (losses(log).at(-1)?.at ?? 0))} ago; it has it now.`),
        },
        unknown: { ifCause: 0.04, otherwise: 0.02, says: 'Whether the cluster has quorum is not told.' },
        quorate: { ifCause: 0.01, otherwise: 0.97, says: (_, { cluster }) => `The cluster ${cluster.name} has quorum.` },
      },
      excerpt: (_, { cluster }) => `.members: quorate ${String(cluster.quorate ?? 'unknown')}, ${cluster.nodes.map(({ name, online }) => `${name} ${online ? 'online' : 'offline'}`).join(', ')}`,
      group: 'quorum',
    },
    {
      when: ({ log }) => log !== undefined && linkLosses(log).length > 0,
      likelihood: { ifCause: 0.7, otherwise: 0.06 },
      says: ({ log }) => (log === undefined ? '' : `corosync logged ${countText(linkLosses(log).length, 'lost link or late token', 'lost links or late tokens')} in the last 24 hours.`),
      excerpt: ({ log }) => (log === undefined ? '' : (linkLosses(log).at(-1)?.text.trim() ?? '')),
      group: 'links',
    },
  ],
  ruledOut: [
    {
      when: ({ log }, { cluster }) => cluster.quorate === true && (log === undefined || losses(log).length < often),
      says: (_, { cluster }) => `the cluster ${cluster.name} has quorum`,
    },
  ],
  broughtBy: ['network-settings', 'virtualisation'],
  urgency: 'now',
  dataAtRisk: false,
  containment: ['Stop backups and copies that use the network of the cluster.', 'Leave running guests alone: they go on.'],
  doNot: [
    'Do not run `pvecm expected 1` unless the other nodes are certainly off: the same guest could run twice.',
    'Do not restart nodes one after the other: with high availability each may be reset while the others are away.',
  ],
  mitigations: [restoreQuorum, giveClusterOwnNetwork],
  references: ['pve-docs pvecm.adoc (quorum, cluster network)', 'pve-docs pmxcfs(8)', 'corosync.conf(5), votequorum(5)'],
  examples: {
    supporting: [
      { name: 'one of three is left', given: { proxmox: clusterOf(1), log: clusterLog([linkDown(300), lostLine(290)]) }, symptoms: ['redundancy-lost'], expect: 'identified' },
      { name: 'no quorum, and the log could not be read', given: { proxmox: clusterOf(1) }, symptoms: ['backup-missed', 'redundancy-lost'], expect: 'identified' },
      { name: 'it comes and goes', given: { proxmox: clusterOf(3), log: clusterLog([4_000, 3_000, 2_000, 900].flatMap((at) => [linkDown(at + 5), lostLine(at), foundLine(at - 60)])) }, symptoms: ['backup-missed', 'rebooted'], expect: 'suspected' },
    ],
    refuting: [
      { name: 'one node of three is off for maintenance', given: { proxmox: clusterOf(2), log: clusterLog([linkDown(4_000)]) }, expect: 'ruled-out' },
      { name: 'the others were updated one by one', given: { proxmox: clusterOf(3), log: clusterLog([linkDown(9_000), lostLine(8_990), foundLine(8_700)]) }, expect: 'ruled-out' },
      { name: 'a host by itself', given: { proxmox: { configMounted: true, storages: [] } }, expect: 'ruled-out' },
      { name: 'an ordinary user', given: { proxmox: { status: 'failed', reason: 'not-permitted', detail: 'the settings of Proxmox VE are for root only' } }, expect: 'cannot-tell' },
    ],
  },
});
