import { defineScenario } from '../../define.ts';
import { differs } from './asking.ts';
import { addressOf, joinNetwork, lookThere, type Way } from './own-network.ts';

interface Variant {
  readonly rule: string;
  readonly exporter: 'connected' | 'silent';
  readonly way: Way;
}

export default defineScenario<Variant>({
  name: 'port-filtered',
  subject: 'reach',
  kind: 'fault',
  why: 'A rule of the host\'s firewall drops connections to ssh: for everybody, for an address that was banned, or with every other port. The host itself is well, and still answers ping. A dropped connection never ends; that tells it from a server that does not run.',
  weight: 'light',
  variants: {
    'only-ssh': { rule: 'tcp dport 22 drop', exporter: 'connected', way: 'switch' },
    'every-port': { rule: 'ip protocol != icmp drop', exporter: 'silent', way: 'switch' },
    'address-banned-from-ssh': { rule: 'ip saddr 198.51.100.0/24 tcp dport { 22, 2222 } drop', exporter: 'connected', way: 'router' },
    'every-port-behind-router': { rule: 'meta l4proto { tcp, udp } drop', exporter: 'silent', way: 'router' },
  },
  zfs: false,
  inject: async (host, { rule, way }) => {
    await joinNetwork(host, way);
    await host.run(`nft add table inet edge; nft add chain inet edge input "{ type filter hook input priority 0; }"; nft add rule inet edge input iifname eth2 ${rule}`);
  },
  check: (host, { exporter }) => differs(addressOf(host), { ping: true, ssh: 'silent', exporter }),
  look: lookThere,
  truth: { first: ['port-filtered'], status: ['unreachable'], symptoms: ['unreachable'], never: ['host-down'] },
});
