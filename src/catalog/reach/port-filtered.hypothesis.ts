import { defineHypothesis } from '../../define/hypothesis.ts';
import openThePort from './open-the-port.mitigation.ts';
import { allPorts, answered, onLink, seenByOthers, seenFromOutside } from './outside.samples.ts';
import { clusterSays, isAlive, linkAnswer, nothingAsked, portsThat, seenText, theHost } from './outside.ts';
import reachability from './reachability.probe.ts';

export default defineHypothesis({
  id: 'port-filtered',
  subject: 'reach',
  proven: 'documentation',
  title: 'A firewall drops connections to the ssh port',
  about: `The host is well, but packets to the port of ssh are dropped on the way or by its own firewall: a changed rule, a new network, or an address that was banned after failed logins. A
dropped connection times out, whereas a port where nothing listens is refused at once.
To be sure by hand: \`ssh\` from another network, and the firewall's rules by console or web interface (\`pve-firewall status\`, \`nft list ruleset\`, \`fail2ban-client status sshd\`).`,
  needs: { outside: reachability },
  objects: theHost,
  noObjects: 'ssh answered',
  prior: 0.08,
  explains: { 'unreachable': 0.95, 'target-missing': 0.2 },
  evidence: [
    {
      outcome: ({ outside }) => {
        if (nothingAsked(outside)) return 'not-known';
        const { ssh, unused } = outside.ports;
        if (ssh.outcome === 'connected' || ssh.outcome === 'refused') return 'not-filtered';
        if (outside.metrics.outcome === 'answered') return 'others-answer';
        if (portsThat(outside, 'connected').length > 0) return 'others-connect';
        if (unused.outcome === 'refused') return 'others-refuse';
        return isAlive(outside) ? 'ping-only' : 'silent';
      },
      table: {
        'others-answer': {
          ifCause: 0.4,
          otherwise: 0.001,
          decisive: true,
          says: 'Programs on the host answer at another port, while connections to the port of ssh are dropped.',
        },
        'others-connect': { ifCause: 0.15, otherwise: 0.02, says: ({ outside }) => `Port ${portsThat(outside, 'connected').join(', ')} can be reached, the port of ssh cannot.` },
        'others-refuse': { ifCause: 0.12, otherwise: 0.02, says: 'Other ports are refused at once, so the host lives; the port of ssh gives no answer.' },
        'ping-only': { ifCause: 0.25, otherwise: 0.05, says: 'The host answers ping, and no port gives any answer: packets are dropped, not refused.' },
        silent: { ifCause: 0.09, otherwise: 0.4, says: 'Nothing at all answers.' },
        'not-filtered': { ifCause: 0.01, otherwise: 0.5, says: ({ outside }) => `A connection to the port of ssh is ${outside.ports.ssh.outcome}, so nothing filters it.` },
      },
      excerpt: ({ outside }) => seenText(outside),
    },
    {
      // Of a host that answers something it is known anyhow that it lives.
      outcome: ({ outside }) => (isAlive(outside) ? 'not-known' : linkAnswer(outside)),
      table: {
        answered: { ifCause: 0.4, otherwise: 0.01, says: 'Its network card answers for its address in the own network, and yet no packet to it gets an answer: they are dropped.' },
        'no-answer': { ifCause: 0.01, otherwise: 0.25, says: 'Nobody in the own network answers for its address: there is nothing that could drop packets.' },
      },
      group: 'link',
    },
    {
      outcome: ({ outside }) => (isAlive(outside) ? 'not-asked' : clusterSays(outside)),
      table: {
        online: { ifCause: 0.35, otherwise: 0.06, says: 'Its cluster, asked at another node, has it as a member, so it runs.' },
        offline: { ifCause: 0.01, otherwise: 0.25, says: 'Its cluster, asked at another node, has lost it.' },
      },
      group: 'cluster',
    },
  ],
  ruledOut: [
    {
      when: ({ outside }) => outside.ports.ssh.outcome === 'connected' || outside.ports.ssh.outcome === 'refused',
      says: ({ outside }) => `a connection to port ${outside.ports.ssh.port} is ${outside.ports.ssh.outcome}, so nothing filters it`,
    },
  ],
  urgency: 'today',
  dataAtRisk: false,
  mitigations: [openThePort],
  references: ['nft(8), drop and reject', 'Proxmox VE, pve-firewall(8)'],
  examples: {
    supporting: [
      {
        name: 'the exporter answers, ssh times out',
        given: {
          outside: seenFromOutside({
            ping: answered,
            ports: { ...allPorts('timed-out'), exporter: { port: 9100, outcome: 'connected', milliseconds: 1 } },
            metrics: { outcome: 'answered', status: 200, milliseconds: 20 },
          }),
        },
        symptoms: ['unreachable'],
        expect: 'identified',
      },
      { name: 'all is dropped, but its network card answers for its address, and its cluster has it', given: { outside: seenFromOutside({ ...onLink('answered'), ...seenByOthers(true, true) }) }, symptoms: ['unreachable'] },
      { name: 'ping is answered, and all ports are dropped', given: { outside: seenFromOutside({ ping: answered }) }, symptoms: ['unreachable'], expect: 'suspected' },
    ],
    refuting: [
      { name: 'nothing answers, and nobody has its address', given: { outside: seenFromOutside(onLink('no-answer')) }, symptoms: ['unreachable'] },
      { name: 'nothing answers, and its cluster has lost it', given: { outside: seenFromOutside(seenByOthers(true, false)) }, symptoms: ['unreachable'] },
      { name: 'nothing answers', given: { outside: seenFromOutside({}) }, symptoms: ['unreachable'] },
      { name: 'ssh is refused: no server listens', given: { outside: seenFromOutside({ ping: answered, ports: allPorts('refused') }) }, expect: 'ruled-out' },
      { name: 'ssh connects and stays mute', given: { outside: seenFromOutside({ ping: answered, ports: allPorts('connected') }) }, expect: 'ruled-out' },
      { name: 'ssh answered', given: { outside: { status: 'absent', detail: 'ssh answered' } }, expect: 'ruled-out' },
    ],
  },
});
