import { defineSymptom } from '../../define/symptom.ts';
import { seenFromOutside } from './outside.samples.ts';
import { refusesUser } from './outside.ts';
import reachability from './reachability.probe.ts';

export default defineSymptom({
  id: 'unreachable',
  title: 'The host does not answer over ssh',
  about: `ssh got no answers from the host: no connection, a connection without a word, or a name that leads nowhere. It was then looked at from outside: name, ping, ports, and the own
network of the asking machine. A host that answers and only refuses the user or the key is not unreachable.`,
  needs: { outside: reachability },
  leak: 0.03,
  detect: ({ outside }) => {
    if (refusesUser(outside)) return [];
    const reason = outside.ssh.says.trim().split('\n').at(-1) ?? '';
    return [{ object: 'host', value: 0, limit: 1, unit: 'answers', says: `ssh got no answers from ${outside.hostname}${reason === '' ? '' : `: ${reason.slice(0, 200)}`}.` }];
  },
  examples: {
    present: [{ name: 'nothing answers', given: { outside: seenFromOutside({}) }, objects: ['host'] }],
    absent: [
      {
        name: 'the key is not accepted',
        given: { outside: seenFromOutside({ ssh: { exitStatus: 255, says: 'root@pve1: Permission denied (publickey).' }, sshBanner: 'SSH-2.0-OpenSSH_9.2p1' }) },
      },
    ],
  },
});
