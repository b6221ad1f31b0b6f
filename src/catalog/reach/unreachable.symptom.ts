import { defineSymptom } from '../../define/symptom.ts';
import { seenFromOutside } from './outside.samples.ts';
import { reasonOf, refusalOf, theHost } from './outside.ts';
import reachability from './reachability.probe.ts';

export default defineSymptom({
  id: 'unreachable',
  title: 'No way into the host over ssh',
  about: `ssh got no answers from the host: no connection, a connection without a word, a name that leads nowhere, or a login that was refused. It was then looked at from outside:
name, ping, ports, and the own network of the asking machine. A host that only refuses the user or whose key is not trusted runs as far as can be seen: its sentence says so.`,
  needs: { outside: reachability },
  leak: 0.03,
  detect: ({ outside }) => {
    if (theHost({ outside }).length === 0) return [];
    const reason = reasonOf(outside);
    const because = reason === '' ? '' : `: ${reason}`;
    const says = refusalOf(outside) === undefined ? `ssh got no answers from ${outside.hostname}${because}.` : `An ssh server answers, but ssh does not get in${because}.`;
    return [{ object: 'host', value: 0, limit: 1, unit: 'answers', says }];
  },
  examples: {
    present: [
      { name: 'nothing answers', given: { outside: seenFromOutside({}) }, objects: ['host'] },
      {
        name: 'the key is not accepted',
        given: { outside: seenFromOutside({ ssh: { exitStatus: 255, says: 'root@pve1: Permission denied (publickey).' }, sshBanner: 'SSH-2.0-OpenSSH_9.2p1' }) },
      },
    ],
    absent: [{ name: 'no host was asked', given: { outside: seenFromOutside({ hostname: '' }) } }],
  },
});
