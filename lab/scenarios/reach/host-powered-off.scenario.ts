import { defineScenario } from '../../define.ts';
import { differs } from './asking.ts';
import { addressOf, joinNetwork, lookThere, type Way } from './own-network.ts';

interface Variant {
  readonly how: 'power-cut' | 'shut-down';
  readonly way: Way;
}

export default defineScenario<Variant>({
  name: 'host-powered-off',
  subject: 'reach',
  kind: 'fault',
  why: 'The host is off: its power went, or somebody pressed the button and it shut down. From outside nothing answers at all. In the same network its neighbours say that it is not there; through a router there is only silence. From outside alone a firewall that drops everything looks alike, so host-down may only be suspected.',
  weight: 'light',
  variants: {
    'power-cut': { how: 'power-cut', way: 'switch' },
    'power-cut-behind-router': { how: 'power-cut', way: 'router' },
    'shut-down': { how: 'shut-down', way: 'switch' },
    'shut-down-behind-router': { how: 'shut-down', way: 'router' },
  },
  zfs: false,
  inject: async (host, { how, way }) => {
    await joinNetwork(host, way);
    if (how === 'power-cut') await host.qmp('quit');
    else await host.run('systemctl poweroff', { mayFail: true });
  },
  settleSeconds: 20,
  check: (host) => differs(addressOf(host), { ping: false, ssh: 'silent', exporter: 'silent' }),
  look: lookThere,
  truth: { first: ['host-down'], status: ['unreachable'], symptoms: ['unreachable'] },
});
