import { defineHypothesis } from '../../define/hypothesis.ts';
import nameResolution, { type NameResolution } from './name-resolution.probe.ts';
import repairNameServers from './repair-name-servers.mitigation.ts';
import networkPaths from './network-paths.experiment.ts';

function lookup(outcome: NameResolution['lookups'][number]['outcome'], seconds: number): NameResolution['lookups'][number] {
  return { name: 'mirror.example.org', outcome, seconds };
}

function slowest({ lookups }: NameResolution): NameResolution['lookups'][number] | undefined {
  return lookups.toSorted((a, b) => b.seconds - a.seconds)[0];
}

function lookupText(names: NameResolution): string {
  const one = slowest(names);
  return one === undefined ? '' : `${one.name}: ${one.outcome === 'resolved' ? 'found' : 'not found'} after ${one.seconds} s`;
}

export default defineHypothesis({
  id: 'dns-broken',
  subject: 'network',
  proven: 'documentation',
  title: 'Name servers do not answer',
  about: `Names of other machines cannot be looked up, or only after the first server's five seconds of silence. Logins by ssh, storage that is mounted by name, updates, mail and monitoring
then wait or fail one by one, which looks like a slow host.
To be sure by hand: \`time getent ahosts <name>\` for a name that this host uses, and the servers in /etc/resolv.conf. A host without access to the internet on purpose cannot look up foreign
names; that is no fault as long as nothing here needs them.`,
  needs: { names: nameResolution },
  prior: 1 / 200,
  explains: { 'target-missing': 0.2, 'backup-missed': 0.3, 'network-errors': 0.03, 'unreachable': 0.05 },
  evidence: [
    {
      outcome: ({ names }) => {
        if (names.lookups.length === 0) return 'not-known';
        if (names.lookups.every(({ outcome }) => outcome === 'no-answer')) return 'silent';
        if (names.lookups.some(({ outcome, seconds }) => outcome === 'no-answer' || seconds >= 4)) return 'slow';
        return names.lookups.some(({ outcome }) => outcome === 'resolved') ? 'works' : 'not-found';
      },
      table: {
        silent: {
          ifCause: 0.7,
          otherwise: 0.0015,
          decisive: true,
          says: ({ names }) => `None of the name servers (${names.nameservers.slice(0, 3).join(', ') || 'none configured'}) answers: ${lookupText(names)}.`,
        },
        slow: { ifCause: 0.2, otherwise: 0.005, says: ({ names }) => `A name server is silent: ${lookupText(names)}.` },
        'not-found': { ifCause: 0.08, otherwise: 0.06, says: ({ names }) => `Names that this host is configured to use are not found: ${lookupText(names)}.` },
        works: { ifCause: 0.02, otherwise: 0.93, says: ({ names }) => `Names are found at once: ${lookupText(names)}.` },
      },
      excerpt: ({ names }) => names.lookups.map(({ name, outcome, seconds }) => `${name} ${outcome} ${seconds} s`).join('\n'),
    },
    {
      outcome: ({ names }) => (names.own === undefined ? 'not-known' : names.own.outcome === 'resolved' && names.own.seconds < 2 ? 'found' : 'not-found'),
      table: {
        found: { ifCause: 0.7, otherwise: 0.9, says: 'The host knows its own name.' },
        'not-found': { ifCause: 0.3, otherwise: 0.1, says: ({ names }) => `The host cannot look up its own name, ${names.own?.name ?? ''}.` },
      },
      group: 'own name',
    },
  ],
  tested: [
    {
      experiment: networkPaths,
      table: {
        'names are slow': { ifCause: 0.9, otherwise: 0.008, decisive: true },
        'all paths are well': { ifCause: 0.1, otherwise: 0.9 },
      },
    },
  ],
  broughtBy: ['network-settings'],
  urgency: 'today',
  dataAtRisk: false,
  mitigations: [repairNameServers],
  references: ['resolv.conf(5), timeout and attempts', 'getent(1)'],
  examples: {
    supporting: [
      {
        name: 'the first server is silent, and each name waits for it again and again',
        given: { names: { nameservers: ['192.0.2.53', '192.0.2.54'], own: { name: 'pve1', outcome: 'resolved', seconds: 0.01 }, lookups: [lookup('resolved', 5.01)] } },
        found: [{ experiment: networkPaths, findings: [{ object: 'host', outcome: 'names are slow', says: 'Looking up names: mirror.example.org found after 5.01 s; mirror.example.org found after 5.02 s.' }] }],
        symptoms: ['backup-missed', 'target-missing'],
      },
      {
        name: 'both servers are silent',
        given: { names: { nameservers: ['192.0.2.53', '192.0.2.54'], own: { name: 'pve1', outcome: 'resolved', seconds: 0.01 }, lookups: [lookup('no-answer', 7), lookup('no-answer', 7)] } },
        symptoms: ['backup-missed', 'target-missing'],
        expect: 'identified',
      },
    ],
    refuting: [
      { name: 'quick answers', given: { names: { nameservers: ['192.0.2.53'], own: { name: 'pve1', outcome: 'resolved', seconds: 0 }, lookups: [lookup('resolved', 0.03)] } } },
      {
        name: 'a host without a way to the internet',
        given: { names: { nameservers: ['192.0.2.53'], own: { name: 'pve1', outcome: 'not-found', seconds: 0.2 }, lookups: [lookup('not-found', 0.05)] } },
      },
      { name: 'no name to try', given: { names: { nameservers: [], lookups: [] } }, expect: 'cannot-tell' },
    ],
  },
});
