import { defineHypothesis } from '../../define/hypothesis.ts';
import checkTheWay from './check-the-way.mitigation.ts';
import { allPorts, answered, onLink, seenByOthers, seenFromOutside, silent } from './outside.samples.ts';
import { clusterSays, isAlive, linkAnswer, neighbours, neighboursText, nothingAsked, ownNetwork, portsThat, seenText, theHost } from './outside.ts';
import reachability from './reachability.probe.ts';

export default defineHypothesis({
  id: 'network-unreachable',
  subject: 'reach',
  proven: 'documentation',
  title: 'The way to the host is interrupted',
  about: `Not the host is to blame, but the network between: this machine is offline, a VPN is down, a route is missing, a switch or a router on the way has failed. When only the far
end is broken it looks as if the host were off, and can be told apart only from another place.
To be sure by hand: \`ping <gateway>\` and \`ip route get <address>\` here, then another host of the same network: when that one is silent too, it is the way.`,
  needs: { outside: reachability },
  objects: theHost,
  noObjects: 'ssh answered',
  prior: 0.08,
  explains: { 'unreachable': 0.98, 'target-missing': 0.5 },
  evidence: [
    {
      outcome: ({ outside }) => {
        if (/Network is unreachable/.test(outside.ssh.says) && !isAlive(outside)) return 'no-route-here';
        const own = ownNetwork(outside);
        if (own === 'down') return 'offline';
        if (isAlive(outside)) return 'alive';
        if (own === 'silent') return 'own-network-silent';
        if (nothingAsked(outside)) return 'not-known';
        return portsThat(outside, 'no-route').length >= 2 ? 'no-route' : 'silent';
      },
      table: {
        offline: { ifCause: 0.2, otherwise: 0.0002, decisive: true, says: 'This machine is offline: none of its network interfaces is up with an address.' },
        'no-route-here': { ifCause: 0.15, otherwise: 0.0005, decisive: true, says: 'This machine has no route to the address of the host.' },
        'own-network-silent': {
          ifCause: 0.25,
          otherwise: 0.002,
          decisive: true,
          says: 'Neither the default gateway nor a name server of this machine answers, so its own network is interrupted.',
        },
        'no-route': { ifCause: 0.15, otherwise: 0.06, says: 'A station on the way reports that the host cannot be reached.' },
        silent: { ifCause: 0.24, otherwise: 0.12, says: 'Nothing answers, and the network of this machine works: the host is off, or the way is broken further on.' },
        alive: { ifCause: 0.01, otherwise: 0.6, says: 'The host answers, so the way to it is whole.' },
      },
      excerpt: ({ outside }) => `${seenText(outside)}; own interfaces ${outside.here.interfacesUp.join(' ') || 'none'}; gateway ${outside.here.defaultGateway?.ping.outcome ?? 'none'}`,
    },
    {
      outcome: ({ outside }) => (isAlive(outside) ? 'none' : neighbours(outside)),
      table: {
        'all-silent': { ifCause: 0.55, otherwise: 0.015, says: ({ outside }) => `All that stands beside it is silent as well: ${neighboursText(outside, false)}.` },
        'some-answer': { ifCause: 0.08, otherwise: 0.5, says: ({ outside }) => `What stands beside it answers, so the way is whole that far: ${neighboursText(outside, true)}.` },
      },
      group: 'neighbours',
    },
    {
      outcome: ({ outside }) => (isAlive(outside) ? 'not-asked' : clusterSays(outside) === 'online' && neighbours(outside) === 'all-silent' ? 'runs behind a broken way' : clusterSays(outside)),
      table: {
        'runs behind a broken way': { ifCause: 0.2, otherwise: 0.001, decisive: true, says: 'Its cluster, asked at another node, has it as a member, and yet neither it nor what stands beside it answers here.' },
        online: { ifCause: 0.3, otherwise: 0.06, says: 'Its cluster, asked at another node, has it as a member: it runs, and the way from here to it is broken.' },
        offline: { ifCause: 0.1, otherwise: 0.2, says: 'Its cluster, asked at another node, has lost it as well.' },
      },
      group: 'cluster',
    },
    {
      outcome: ({ outside }) => (linkAnswer(outside) === 'answered' ? 'answered' : 'other'),
      table: {
        answered: { ifCause: 0.01, otherwise: 0.3, says: 'Its network card answers for its address, so the way to it is whole.' },
      },
      group: 'link',
    },
  ],
  ruledOut: [{ when: ({ outside }) => isAlive(outside), says: 'the host answers, so the way to it is whole' }],
  urgency: 'today',
  dataAtRisk: false,
  mitigations: [checkTheWay],
  references: ['RFC 792, destination unreachable', 'ip-route(8)'],
  examples: {
    supporting: [
      { name: 'all hosts at its switch are silent, though one of its cluster elsewhere has it as a member', given: { outside: seenFromOutside(seenByOthers(false, true)) }, symptoms: ['unreachable'], object: 'host', expect: 'identified' },
      { name: 'all hosts at its switch are silent', given: { outside: seenFromOutside(seenByOthers(false)) }, symptoms: ['unreachable'] },
      {
        name: 'no interface is up here',
        given: {
          outside: seenFromOutside({
            ssh: { exitStatus: 255, says: 'ssh: connect to host 192.0.2.11 port 22: Network is unreachable' },
            name: { outcome: 'address', addresses: ['192.0.2.11'], milliseconds: 0 },
            here: { interfacesUp: [], resolvers: [] },
          }),
        },
        symptoms: ['unreachable'],
        expect: 'identified',
      },
      {
        name: 'the own gateway and all name servers are silent',
        given: {
          outside: seenFromOutside({
            name: { outcome: 'address', addresses: ['192.0.2.11'], milliseconds: 0 },
            here: { interfacesUp: ['eth0'], defaultGateway: { address: '198.51.100.1', ping: silent }, resolvers: [{ address: '198.51.100.53', answers: false }] },
          }),
        },
        symptoms: ['unreachable'],
        expect: 'identified',
      },
    ],
    refuting: [
      { name: 'the host answers ping', given: { outside: seenFromOutside({ ping: answered }) }, expect: 'ruled-out' },
      { name: 'its network card answers for its address', given: { outside: seenFromOutside(onLink('answered')) } },
      { name: 'the hosts at the same switch answer', given: { outside: seenFromOutside(seenByOthers(true)) } },
      { name: 'the host is silent, all else works: it may be off', given: { outside: seenFromOutside({}) }, symptoms: ['unreachable'] },
      { name: 'its neighbours report that the host is not there', given: { outside: seenFromOutside({ ports: allPorts('no-route') }) }, symptoms: ['unreachable'] },
      { name: 'ssh answered', given: { outside: { status: 'absent', detail: 'ssh answered' } }, expect: 'ruled-out' },
    ],
  },
});
