import { defineScenario } from '../../define.ts';
import { differs } from './asking.ts';
import { addressOf, joinNetwork, lookThere, type Way } from './own-network.ts';

export default defineScenario<{ readonly way: Way }>({
  name: 'host-frozen',
  subject: 'reach',
  kind: 'fault',
  why: 'The host stands still from one moment to the next, with its power and its links on, as after a crash that left no processor running: not even its kernel answers. From outside that is the same as a host that is off; host-down ("switched off, or has crashed") is right, and may only be suspected.',
  weight: 'light',
  variants: { 'same-network': { way: 'switch' }, 'behind-router': { way: 'router' } },
  zfs: false,
  inject: async (host, { way }) => {
    await joinNetwork(host, way);
    await host.qmp('stop');
  },
  check: (host) => differs(addressOf(host), { ping: false, ssh: 'silent', exporter: 'silent' }),
  look: lookThere,
  truth: { first: ['host-down'], status: ['unreachable'], symptoms: ['unreachable'] },
});
