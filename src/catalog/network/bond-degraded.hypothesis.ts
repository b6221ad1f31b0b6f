import { defineHypothesis } from '../../define/hypothesis.ts';
import bonding from './bonding.probe.ts';
import replaceCableOrPort from './replace-cable-or-port.mitigation.ts';

const port = { name: 'eno1', up: true, speed: '10000 Mbps', duplex: 'full', failures: 0 };
const dead = { name: 'eno2', up: false, speed: 'Unknown', duplex: 'Unknown', failures: 1 };
const lacp = { name: 'bond0', mode: 'IEEE 802.3ad Dynamic link aggregation', up: true };

/** With LACP, links that the switch takes for one have one number (kernel Documentation/networking/bonding, ad_aggregator). */
function bundlesOf(ports: readonly { readonly aggregator?: number | undefined }[]): number {
  return new Set(ports.flatMap(({ aggregator }) => aggregator ?? [])).size;
}

export default defineHypothesis({
  id: 'bond-degraded',
  subject: 'network',
  proven: 'documentation',
  title: 'A bond has lost one of its links',
  about: `A bond goes on with the links that are left, so nobody notices until the next one fails. With fewer links it also carries less. A port that was never plugged in looks the same.
With LACP (802.3ad), links that are up but not in one bundle with the switch carry nothing: the switch is not set up for it, or its two ports are not one group.
To be sure by hand: \`cat /proc/net/bonding/<bond>\`: each port must have "MII Status: up", the same speed, and with LACP the same "Aggregator ID".`,
  needs: { bonds: bonding },
  objects: ({ bonds }) => bonds.bonds.map((bond) => ({ object: `nic/${bond.name}`, bond })),
  noObjects: 'no interfaces are bonded',
  prior: 1 / 100,
  explains: { 'redundancy-lost': 0.9, 'network-errors': 0.1, 'unreachable': 0.02 },
  evidence: [
    {
      outcome: (_, { bond }) => {
        const down = bond.ports.filter(({ up }) => !up);
        if (bond.ports.length === 0) return 'no-ports';
        if (down.length === 0) return bundlesOf(bond.ports) > 1 ? 'apart' : 'whole';
        return down.some(({ failures }) => failures > 0) ? 'lost' : 'never-up';
      },
      table: {
        lost: {
          ifCause: 0.7,
          otherwise: 0.001,
          decisive: true,
          says: (_, { bond }) => `${bond.name} runs on ${bond.ports.filter(({ up }) => up).length} of ${bond.ports.length} links; without link: ${bond.ports.filter(({ up }) => !up).map(({ name }) => name).join(', ')}.`,
        },
        'never-up': {
          ifCause: 0.18,
          otherwise: 0.03,
          says: (_, { bond }) => `${bond.ports.filter(({ up }) => !up).map(({ name }) => name).join(', ')} in ${bond.name} has had no link since the bond was made.`,
        },
        apart: {
          ifCause: 0.1,
          otherwise: 0.002,
          decisive: true,
          says: (_, { bond }) => `All ${bond.ports.length} links of ${bond.name} are up, but they are ${bundlesOf(bond.ports)} separate bundles, of which only one carries traffic: the switch does not treat them as one.`,
        },
        whole: { ifCause: 0.01, otherwise: 0.95, says: (_, { bond }) => `All ${bond.ports.length} links of ${bond.name} are up.` },
        'no-ports': { ifCause: 0.01, otherwise: 0.02, says: (_, { bond }) => `${bond.name} has no ports.` },
      },
      excerpt: (_, { bond }) => bond.ports.map(({ name, up, speed, failures }) => `${name} ${up ? 'up' : 'down'} ${speed} failures ${failures}`).join('\n'),
    },
  ],
  broughtBy: ['network-settings'],
  urgency: 'window',
  dataAtRisk: false,
  mitigations: [replaceCableOrPort],
  references: ['kernel Documentation/networking/bonding'],
  examples: {
    supporting: [
      { name: 'one of two ports is down', given: { bonds: { bonds: [{ ...lacp, ports: [port, dead] }] } }, object: 'nic/bond0', symptoms: ['redundancy-lost'], expect: 'identified' },
    ],
    refuting: [
      { name: 'all ports agreed with the switch on one bundle', given: { bonds: { bonds: [{ ...lacp, ports: [{ ...port, aggregator: 1 }, { ...port, name: 'eno2', aggregator: 1 }] }] } }, symptoms: ['network-errors'], expect: 'not-a-cause' },
      { name: 'two switches that know nothing of each other, on purpose', given: { bonds: { bonds: [{ ...lacp, ports: [{ ...port, aggregator: 1 }, { ...port, name: 'eno2', aggregator: 2 }] }] } }, symptoms: [], expect: 'not-a-cause' },
      { name: 'both ports are up', given: { bonds: { bonds: [{ ...lacp, ports: [port, { ...port, name: 'eno2' }] }] } } },
      { name: 'a second port that was never plugged in', given: { bonds: { bonds: [{ ...lacp, ports: [port, { ...dead, failures: 0 }] }] } }, symptoms: ['network-errors'] },
      { name: 'no bond', given: { bonds: { status: 'absent', detail: 'no interfaces are bonded' } }, expect: 'ruled-out' },
    ],
  },
});
