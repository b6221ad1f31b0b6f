import type { Reachability } from '../../define/reachability.ts';
import { defineHypothesis } from '../../define/hypothesis.ts';
import allowTheLogin from './allow-the-login.mitigation.ts';
import { allPorts, answered, behindJump, seenFromOutside } from './outside.samples.ts';
import { closesAtOnce, reasonOf, refusalOf, seenText, theHost } from './outside.ts';
import reachability from './reachability.probe.ts';

function saidBySsh(says: string, more: Partial<Reachability> = {}): Reachability {
  const ports = { ...allPorts('refused'), ssh: { port: 22, outcome: 'connected' as const, milliseconds: 1 } };
  return seenFromOutside({ ssh: { exitStatus: 255, says }, ping: answered, ports, sshBanner: 'SSH-2.0-OpenSSH_9.2p1 Debian-2', ...more });
}

export default defineHypothesis({
  id: 'login-refused',
  subject: 'reach',
  proven: 'documentation',
  title: 'The ssh server answers, but ssh does not get in',
  about: `The host runs, as far as can be seen, and the network is whole. The login fails: the user or the key is not the right one, the key is not in \`authorized_keys\`, the agent offers none,
or the asking machine does not trust the host's own key. A key that has *changed* means that the host was installed anew, that its address belongs to another machine now, or that somebody is in between. On the
way over a jump host it may be the jump host that refuses.
To be sure by hand: \`ssh -v <user>@<host> true\` shows which keys are offered and who refuses; \`ssh-keygen -F <host>\` shows the key that this machine knows.`,
  needs: { outside: reachability },
  objects: theHost,
  noObjects: 'ssh answered',
  prior: 0.08,
  explains: { unreachable: 0.98 },
  evidence: [
    {
      outcome: ({ outside }) => refusalOf(outside) ?? (closesAtOnce(outside) ? 'closed' : 'other'),
      table: {
        'login': { ifCause: 0.6, otherwise: 0.0005, decisive: true, says: ({ outside }) => `The login is refused: ${reasonOf(outside)}.` },
        'key-changed': {
          ifCause: 0.12,
          otherwise: 0.0002,
          decisive: true,
          says: ({ outside }) => `The key of ${outside.hostname} is another one than this machine knows, so ssh does not go in.`,
        },
        'key-unknown': {
          ifCause: 0.15,
          otherwise: 0.0002,
          decisive: true,
          says: ({ outside }) => `This machine does not know the key of ${outside.hostname}, so ssh does not go in.`,
        },
        'terms': { ifCause: 0.05, otherwise: 0.0002, decisive: true, says: ({ outside }) => `ssh and the ssh server have no way of talking in common: ${reasonOf(outside)}.` },
        'closed': {
          ifCause: 0.06,
          otherwise: 0.01,
          says: 'The connection is accepted and closed at once: too many logins at a time, a rule that denies this address, or a proxy with nothing behind it.',
        },
        'other': { ifCause: 0.02, otherwise: 0.9, says: 'ssh does not say that a login was refused.' },
      },
      excerpt: ({ outside }) => seenText(outside),
    },
  ],
  urgency: 'window',
  dataAtRisk: false,
  doNot: ['Do not delete a changed host key from `known_hosts` before its fingerprint has been compared on the console.'],
  mitigations: [allowTheLogin],
  references: ['ssh(1)', 'sshd(8), AUTHORIZED_KEYS FILE FORMAT', 'ssh_config(5), StrictHostKeyChecking'],
  examples: {
    supporting: [
      { name: 'the key is not accepted', given: { outside: saidBySsh('root@pve1: Permission denied (publickey).') }, symptoms: ['unreachable'], expect: 'identified' },
      {
        name: 'the host was installed anew',
        given: { outside: saidBySsh('@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\nHost key verification failed.') },
        symptoms: ['unreachable'],
        expect: 'identified',
      },
      {
        name: 'the host was never visited before',
        given: { outside: saidBySsh('No ED25519 host key is known for pve1 and you have requested strict checking.\nHost key verification failed.') },
        symptoms: ['unreachable'],
        expect: 'identified',
      },
      {
        name: 'a jump host refuses, so that nothing could be asked',
        given: {
          outside: saidBySsh('admin@gate: Permission denied (publickey).\nConnection closed by UNKNOWN port 65535', { ...behindJump, sshBanner: '' }),
        },
        symptoms: ['unreachable'],
        expect: 'identified',
      },
    ],
    refuting: [
      { name: 'nothing answers', given: { outside: seenFromOutside({}) }, symptoms: ['unreachable'] },
      {
        name: 'a jump host does not get through to the host',
        given: {
          outside: saidBySsh(`channel 0: open failed: connect failed: No route to host\nstdio forwarding failed\nkex_exchange_identification: Connection closed by remote host`, { ...behindJump, sshBanner: '' }),
        },
        symptoms: ['unreachable'],
      },
      { name: 'no ssh server listens', given: { outside: seenFromOutside({ ping: answered, ports: allPorts('refused') }) }, symptoms: ['unreachable'] },
      { name: 'ssh answered', given: { outside: { status: 'absent', detail: 'ssh answered' } }, expect: 'ruled-out' },
    ],
  },
});
