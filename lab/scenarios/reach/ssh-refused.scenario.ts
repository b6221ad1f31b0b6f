import { defineScenario } from '../../define.ts';
import { differs } from './asking.ts';
import { addressOf, joinNetwork, lookThere, type Way } from './own-network.ts';

export default defineScenario<{ readonly script: string; readonly way: Way }>({
  name: 'ssh-refused',
  subject: 'reach',
  kind: 'fault',
  why: 'The host is up and well, but refuses connections to ssh at once: its ssh server was stopped, listens elsewhere, or a rule rejects the connection with a reset. Everything else answers.',
  weight: 'light',
  variants: {
    'server-stopped': { script: 'systemctl stop ssh', way: 'switch' },
    'listens-on-another-port': { script: 'echo "Port 2222" >/etc/ssh/sshd_config.d/port.conf; systemctl restart ssh', way: 'router' },
    'rejected-by-a-rule': {
      script: 'nft add table inet edge; nft add chain inet edge input "{ type filter hook input priority 0; }"; nft add rule inet edge input iifname eth2 tcp dport 22 reject with tcp reset',
      way: 'switch',
    },
  },
  zfs: false,
  inject: async (host, { script, way }) => {
    await joinNetwork(host, way);
    await host.run(script);
  },
  check: (host) => differs(addressOf(host), { ping: true, ssh: 'refused', exporter: 'connected' }),
  look: lookThere,
  truth: { first: ['ssh-refused'], status: ['unreachable'], symptoms: ['unreachable'], never: ['host-down', 'port-filtered'] },
});
