import { defineHypothesis } from '../../define/hypothesis.ts';
import lookAtConsole from './look-at-console.mitigation.ts';
import { allPorts, answered, seenFromOutside } from './outside.samples.ts';
import { closesAtOnce, nothingAsked, portsThat, runsPrograms, seenText, theHost } from './outside.ts';
import reachability from './reachability.probe.ts';

const open = { port: 22, outcome: 'connected' as const, milliseconds: 1 };

export default defineHypothesis({
  id: 'host-unresponsive',
  subject: 'reach',
  proven: 'documentation',
  title: 'The host is up, but its programs do not get to answer',
  about: `Its kernel still answers ping and accepts connections, which needs no program, but no program says a word: no ssh banner, no metrics. Memory is exhausted and it swaps, its
storage hangs so that everything waits for the disk, or its processors are blocked. Many of these hosts come back when the load ends.
To be sure by hand: \`nc <host> 22\` connects and shows no \`SSH-2.0\` line; the screen, through the management controller, often names the reason (hung tasks, out of memory).`,
  needs: { outside: reachability },
  objects: theHost,
  noObjects: 'ssh answered',
  prior: 0.08,
  explains: { 'unreachable': 0.95, 'target-missing': 0.95, 'guest-slow': 0.7, 'guest-down': 0.4 },
  evidence: [
    {
      outcome: ({ outside }) => {
        if (/timed out during banner exchange/.test(outside.ssh.says)) return 'no-banner';
        if (nothingAsked(outside)) return 'not-known';
        if (outside.ports.ssh.outcome === 'connected' && outside.sshBanner === '') {
          if (outside.ports.exporter.outcome === 'connected' && outside.metrics.outcome === 'no-answer') return 'all-mute';
          return closesAtOnce(outside) ? 'closes' : 'no-banner';
        }
        if (outside.ports.ssh.outcome === 'refused' || runsPrograms(outside)) return 'programs-answer';
        if (outside.ports.ssh.outcome === 'timed-out' && outside.ports.unused.outcome === 'refused') return 'queue-full';
        return outside.ping.outcome === 'answered' ? 'ping-only' : 'nothing';
      },
      table: {
        'all-mute': {
          ifCause: 0.35,
          otherwise: 0.0005,
          decisive: true,
          says: 'The host accepts connections to ssh and to its exporter, but neither says a word.',
        },
        'no-banner': { ifCause: 0.35, otherwise: 0.006, decisive: true, says: 'The host accepts the connection for ssh, but its ssh server says nothing.' },
        'closes': { ifCause: 0.05, otherwise: 0.05, says: 'The connection for ssh is closed at once instead of being left without an answer.' },
        'queue-full': {
          ifCause: 0.18,
          otherwise: 0.03,
          says: 'The host refuses a port where nothing listens, but gives no answer at the port of ssh: its queue is full, or a rule drops it.',
        },
        'ping-only': { ifCause: 0.1, otherwise: 0.1, says: 'The host answers ping and nothing else.' },
        'programs-answer': { ifCause: 0.01, otherwise: 0.3, says: 'Programs on the host answer.' },
        nothing: { ifCause: 0.04, otherwise: 0.5, says: 'Not even the kernel of the host answers.' },
      },
      excerpt: ({ outside }) => seenText(outside),
    },
  ],
  ruledOut: [
    {
      when: ({ outside }) => runsPrograms(outside) && outside.sshBanner !== '',
      says: 'its ssh server answers with its banner',
    },
    { when: ({ outside }) => portsThat(outside, 'refused').includes(outside.ports.ssh.port), says: 'its kernel answers at once that no ssh server listens' },
  ],
  urgency: 'now',
  containment: ['Wait some minutes and try again: a host that swaps or whose storage stalls may come back.', 'Stop what loads it from outside, such as a running backup.'],
  doNot: ['Do not reset it at once: guests would lose what was not written, and the reason would be lost as well.'],
  mitigations: [lookAtConsole],
  references: ['listen(2), backlog', 'RFC 4253, 4.2, the identification string'],
  examples: {
    supporting: [
      {
        name: 'ssh and exporter connect and stay mute',
        given: { outside: seenFromOutside({ ping: answered, ports: allPorts('connected') }) },
        symptoms: ['unreachable'],
        expect: 'identified',
      },
      {
        name: 'the banner does not come, no exporter is installed',
        given: { outside: seenFromOutside({ ping: answered, ports: { ...allPorts('refused'), ssh: open } }) },
        symptoms: ['unreachable'],
      },
    ],
    refuting: [
      { name: 'nothing answers', given: { outside: seenFromOutside({}) }, symptoms: ['unreachable'] },
      {
        name: 'the ssh server answers and refuses the key',
        given: { outside: seenFromOutside({ ping: answered, ports: { ...allPorts('refused'), ssh: open }, sshBanner: 'SSH-2.0-OpenSSH_9.2p1 Debian-2' }) },
        expect: 'ruled-out',
      },
      {
        name: 'the ssh server takes no more logins, or a rule denies this address',
        given: {
          outside: seenFromOutside({
            ssh: { exitStatus: 255, says: 'kex_exchange_identification: read: Connection reset by peer\nConnection reset by 192.0.2.11 port 22' },
            ping: answered,
            ports: { ...allPorts('refused'), ssh: open },
          }),
        },
        symptoms: ['unreachable'],
      },
      { name: 'no ssh server listens', given: { outside: seenFromOutside({ ping: answered, ports: allPorts('refused') }) }, expect: 'ruled-out' },
      {
        name: 'ssh is filtered, the exporter answers',
        given: {
          outside: seenFromOutside({
            ping: answered,
            ports: { ...allPorts('timed-out'), exporter: { port: 9100, outcome: 'connected', milliseconds: 1 } },
            metrics: { outcome: 'answered', status: 200, milliseconds: 20 },
          }),
        },
        symptoms: ['unreachable'],
      },
    ],
  },
});
