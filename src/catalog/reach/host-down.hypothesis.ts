import { defineHypothesis } from '../../define/hypothesis.ts';
import lookAtConsole from './look-at-console.mitigation.ts';
import { allPorts, answered, behindJump, onLink, seenByOthers, seenFromOutside } from './outside.samples.ts';
import { clusterSays, isAlive, jumpSays, linkAnswer, neighbours, neighboursText, nothingAsked, ownNetwork, portsThat, seenText, theHost } from './outside.ts';
import reachability from './reachability.probe.ts';

export default defineHypothesis({
  id: 'host-down',
  subject: 'reach',
  proven: 'documentation',
  title: 'The host is switched off, or has crashed',
  about: `It gives no sign of life: no answer to ping, none on any port. A lost power supply, a crash, a shutdown, or a dead network card look the same from outside, and so does a firewall that
drops everything or a broken way in between. It is likelier where nobody in the own network answers for its address, the hosts beside it are well, and its cluster has lost it too.
To be sure by hand: power state and screen through the management controller (IPMI, iDRAC, iLO), or a look from a machine in the same network.`,
  needs: { outside: reachability },
  objects: theHost,
  noObjects: 'ssh answered',
  prior: 0.15,
  explains: { 'unreachable': 0.98, 'target-missing': 0.98, 'guest-down': 0.95, 'rebooted': 0.1 },
  evidence: [
    {
      outcome: ({ outside }) => {
        if (nothingAsked(outside)) return /^(?:No route to host|Connection timed out)$/.test(jumpSays(outside) ?? '') ? 'jump-fails' : 'not-known';
        if (isAlive(outside)) return 'alive';
        if (ownNetwork(outside) === 'down' || ownNetwork(outside) === 'silent') return 'cannot-see';
        return portsThat(outside, 'no-route').length >= 2 ? 'no-route' : 'silent';
      },
      table: {
        silent: {
          ifCause: 0.5,
          otherwise: 0.09,
          says: ({ outside }) => `${outside.hostname} gives no sign of life: no answer to ${outside.ping.sent} pings, none on ports ${portsThat(outside, 'timed-out').join(', ')}.`,
        },
        'no-route': {
          ifCause: 0.45,
          otherwise: 0.03,
          says: ({ outside }) => `${outside.hostname} does not answer ping, and the network next to it reports that it is not there.`,
        },
        'jump-fails': { ifCause: 0.45, otherwise: 0.06, says: ({ outside }) => `The jump host gets no connection to ${outside.hostname}: ${jumpSays(outside) ?? ''}.` },
        'cannot-see': { ifCause: 0.04, otherwise: 0.3, says: 'The asking machine itself has no working network, so its view says nothing.' },
        alive: { ifCause: 0.01, otherwise: 0.6, says: 'The host answers.' },
      },
      excerpt: ({ outside }) => seenText(outside),
    },
    {
      outcome: ({ outside }) => linkAnswer(outside),
      table: {
        'no-answer': { ifCause: 0.5, otherwise: 0.08, says: ({ outside }) => `Nobody in the network of ${outside.way?.interface ?? 'this machine'} answers for its address: not even its network card is there.` },
        answered: { ifCause: 0.01, otherwise: 0.3, says: 'Its network card answers for its address.' },
      },
      group: 'link',
    },
    {
      outcome: ({ outside }) => clusterSays(outside),
      table: {
        offline: { ifCause: 0.3, otherwise: 0.05, says: 'Its cluster, asked at another node, has lost it as well.' },
        online: { ifCause: 0.005, otherwise: 0.3, says: 'Its cluster, asked at another node, still has it as a member.' },
      },
      group: 'cluster',
    },
    {
      outcome: ({ outside }) => neighbours(outside),
      table: {
        'some-answer': { ifCause: 0.45, otherwise: 0.28, says: ({ outside }) => `What stands beside it answers: ${neighboursText(outside, true)}.` },
        'all-silent': { ifCause: 0.02, otherwise: 0.12, says: ({ outside }) => `All that stands beside it is silent as well: ${neighboursText(outside, false)}.` },
      },
      group: 'neighbours',
    },
  ],
  ruledOut: [{ when: ({ outside }) => isAlive(outside), says: 'the host answers ping or connections' }],
  urgency: 'now',
  containment: ['Start the guests that matter on another node only after it is certain that this host is off: two copies on shared storage destroy it.'],
  doNot: ['Do not reset it before the screen has been looked at: the reset wipes what it says.'],
  mitigations: [lookAtConsole],
  references: ['RFC 1122, 3.2.2', 'ping(8)'],
  examples: {
    supporting: [
      {
        name: 'the jump host gets no connection to it',
        given: { outside: seenFromOutside({ ...behindJump, ssh: { exitStatus: 255, says: 'channel 0: open failed: connect failed: No route to host\nstdio forwarding failed' } }) },
        symptoms: ['unreachable'],
        expect: 'suspected',
      },
      { name: 'nothing answers, the own network works', given: { outside: seenFromOutside({}) }, symptoms: ['unreachable'], expect: 'suspected' },
      { name: 'not even its network card answers, the cluster has lost it, and the hosts beside it are well', given: { outside: seenFromOutside({ ...onLink('no-answer'), ...seenByOthers(true, false) }) }, symptoms: ['unreachable'], expect: 'suspected' },
      { name: 'its neighbours say that it is not there', given: { outside: seenFromOutside({ ports: allPorts('no-route') }) }, symptoms: ['unreachable'], expect: 'suspected' },
    ],
    refuting: [
      { name: 'silent, but its network card answers for its address: packets are dropped', given: { outside: seenFromOutside(onLink('answered')) } },
      { name: 'silent, but its cluster has it', given: { outside: seenFromOutside(seenByOthers(true, true)) } },
      { name: 'everything beside it is silent as well', given: { outside: seenFromOutside(seenByOthers(false)) } },
      { name: 'it refuses the jump host', given: { outside: seenFromOutside({ ...behindJump, ssh: { exitStatus: 255, says: 'channel 0: open failed: connect failed: Connection refused' } }) }, expect: 'cannot-tell' },
      { name: 'it answers ping', given: { outside: seenFromOutside({ ping: answered }) }, expect: 'ruled-out' },
      { name: 'it refuses connections', given: { outside: seenFromOutside({ ports: allPorts('refused') }) }, expect: 'ruled-out' },
      { name: 'ssh answered', given: { outside: { status: 'absent', detail: 'ssh answered' } }, expect: 'ruled-out' },
      {
        name: 'this machine is offline',
        given: { outside: seenFromOutside({ name: { outcome: 'address', addresses: ['192.0.2.11'], milliseconds: 0 }, here: { interfacesUp: [], resolvers: [] } }) },
      },
      {
        name: 'behind a jump host nothing was asked',
        given: {
          outside: seenFromOutside(behindJump),
        },
        expect: 'cannot-tell',
      },
    ],
  },
});
