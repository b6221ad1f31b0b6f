import { defineHypothesis } from '../../define/hypothesis.ts';
import correctTheName from './correct-the-name.mitigation.ts';
import { allPorts, seenFromOutside, silent } from './outside.samples.ts';
import { seenText, theHost } from './outside.ts';
import reachability from './reachability.probe.ts';

const unnamed = { ping: { ...silent, outcome: 'not-asked' as const, sent: 0 }, ports: allPorts('not-asked') };

export default defineHypothesis({
  id: 'name-not-resolved',
  subject: 'reach',
  proven: 'documentation',
  title: 'The name of the host leads to no address',
  about: `The asking machine cannot find an address for the name: it is misspelt, its record is gone, a search domain or a VPN's name server is missing, or no name server answers. The host
itself may be perfectly well.
To be sure by hand: \`getent ahosts <name>\`, \`ssh -G <name> | grep '^hostname'\`, and ssh to the address itself.`,
  needs: { outside: reachability },
  objects: theHost,
  noObjects: 'ssh answered',
  prior: 0.05,
  explains: { 'unreachable': 0.98, 'target-missing': 0.3 },
  evidence: [
    {
      outcome: ({ outside: { name, ssh } }) => {
        if (name.outcome === 'not-asked') return /Could not resolve hostname|connect failed: (?:Name or service not known|Temporary failure in name resolution)/.test(ssh.says) ? 'ssh-says' : 'not-known';
        return name.outcome;
      },
      table: {
        'not-found': { ifCause: 0.6, otherwise: 0.0005, decisive: true, says: ({ outside }) => `The name server says that there is no ${outside.hostname}.` },
        'ssh-says': { ifCause: 0.6, otherwise: 0.001, decisive: true, says: 'ssh says that a name cannot be resolved.' },
        'timed-out': { ifCause: 0.15, otherwise: 0.01, says: ({ outside }) => `No name server answered for ${outside.hostname}.` },
        failed: { ifCause: 0.2, otherwise: 0.005, says: ({ outside }) => `The lookup of ${outside.hostname} failed.` },
        resolved: { ifCause: 0.01, otherwise: 0.7, says: ({ outside }) => `${outside.hostname} is ${outside.name.addresses.slice(0, 2).join(', ')}.` },
        address: { ifCause: 0.001, otherwise: 0.25, says: 'The host was given by its address.' },
      },
      excerpt: ({ outside }) => `${outside.hostname}: ${outside.name.outcome}; ${seenText(outside)}`,
    },
  ],
  ruledOut: [
    { when: ({ outside }) => outside.name.outcome === 'resolved', says: ({ outside }) => `the name leads to ${outside.name.addresses.slice(0, 2).join(', ')}` },
    { when: ({ outside }) => outside.name.outcome === 'address', says: 'the host was given by its address' },
  ],
  urgency: 'today',
  dataAtRisk: false,
  mitigations: [correctTheName],
  references: ['getaddrinfo(3)', 'ssh_config(5), HostName and CanonicalizeHostname'],
  examples: {
    supporting: [
      {
        name: 'a misspelt name',
        given: {
          outside: seenFromOutside({
            ...unnamed,
            hostname: 'pve11',
            ssh: { exitStatus: 255, says: 'ssh: Could not resolve hostname pve11: Name or service not known' },
            name: { outcome: 'not-found', addresses: [], milliseconds: 4 },
          }),
        },
        symptoms: ['unreachable'],
        expect: 'identified',
      },
      {
        name: 'no name server gives an answer',
        given: { outside: seenFromOutside({ ...unnamed, name: { outcome: 'failed', addresses: [], milliseconds: 10_000 } }) },
        symptoms: ['unreachable'],
        expect: 'suspected',
      },
    ],
    refuting: [
      { name: 'the name is found', given: { outside: seenFromOutside({}) }, expect: 'ruled-out' },
      { name: 'an address was given', given: { outside: seenFromOutside({ name: { outcome: 'address', addresses: ['192.0.2.11'], milliseconds: 0 } }) }, expect: 'ruled-out' },
      { name: 'ssh answered', given: { outside: { status: 'absent', detail: 'ssh answered' } }, expect: 'ruled-out' },
    ],
  },
});
