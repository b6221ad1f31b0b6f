import { defineHypothesis } from '../../define/hypothesis.ts';
import { allPorts, answered, behindJump, seenFromOutside } from './outside.samples.ts';
import { isAlive, jumpSays, nothingAsked, seenText, theHost } from './outside.ts';
import reachability from './reachability.probe.ts';
import startSshServer from './start-ssh-server.mitigation.ts';

export default defineHypothesis({
  id: 'ssh-refused',
  subject: 'reach',
  proven: 'documentation',
  title: 'No ssh server answers on a host that is up',
  about: `The host refuses connections to the port of ssh at once: its ssh server has stopped or listens on another port, the host is still booting or already shutting down, the address
belongs to another machine now, or a rule rejects the connection (fail2ban does after failed logins).
To be sure by hand: \`systemctl status ssh\` by console or web interface; \`ssh -p <port>\` where another port is used.`,
  needs: { outside: reachability },
  objects: theHost,
  noObjects: 'ssh answered',
  prior: 0.05,
  explains: { 'unreachable': 0.98 },
  evidence: [
    {
      outcome: ({ outside }) => {
        if (nothingAsked(outside)) return jumpSays(outside) === 'Connection refused' ? 'refused' : 'not-known';
        return outside.ports.ssh.outcome === 'refused' ? 'refused' : 'other';
      },
      table: {
        refused: { ifCause: 0.97, otherwise: 0.001, decisive: true, says: ({ outside }) => `${outside.hostname} refuses connections to port ${outside.ports.ssh.port} at once, so it is up.` },
        other: { ifCause: 0.03, otherwise: 0.9, says: ({ outside }) => `A connection to port ${outside.ports.ssh.port} is not refused, but ${outside.ports.ssh.outcome}.` },
      },
      excerpt: ({ outside }) => seenText(outside),
    },
  ],
  ruledOut: [
    { when: ({ outside }) => !nothingAsked(outside) && !isAlive(outside), says: 'the host refuses nothing; it gives no answer at all' },
    { when: ({ outside }) => outside.ports.ssh.outcome === 'connected', says: 'the port of ssh accepts connections' },
  ],
  urgency: 'today',
  dataAtRisk: false,
  mitigations: [startSshServer],
  references: ['RFC 9293, 3.10.7.1, reset on a closed port'],
  examples: {
    supporting: [
      {
        name: 'refused, says the jump host',
        given: { outside: seenFromOutside({ ...behindJump, ssh: { exitStatus: 255, says: 'channel 0: open failed: connect failed: Connection refused\nstdio forwarding failed' } }) },
        symptoms: ['unreachable'],
        expect: 'identified',
      },
      { name: 'refused, while the host answers ping', given: { outside: seenFromOutside({ ping: answered, ports: allPorts('refused') }) }, symptoms: ['unreachable'], expect: 'identified' },
    ],
    refuting: [
      { name: 'behind a jump host nothing was asked', given: { outside: seenFromOutside(behindJump) }, expect: 'cannot-tell' },
      { name: 'nothing answers', given: { outside: seenFromOutside({}) }, expect: 'ruled-out' },
      { name: 'ssh connects and stays mute', given: { outside: seenFromOutside({ ping: answered, ports: allPorts('connected') }) }, expect: 'ruled-out' },
      { name: 'only ping answers', given: { outside: seenFromOutside({ ping: answered }) }, symptoms: ['unreachable'] },
      { name: 'ssh answered', given: { outside: { status: 'absent', detail: 'ssh answered' } }, expect: 'ruled-out' },
    ],
  },
});
