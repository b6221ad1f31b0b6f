import { defineScenario } from '../../define.ts';
import { expectNoPool } from '../../loads/no-pool.ts';
import { copyOverNetwork, gatewayAddress, makeUplink } from './uplink.ts';

export default defineScenario<{ readonly mtu: number; readonly passes: number }>({
  name: 'mtu-mismatch',
  subject: 'network',
  kind: 'fault',
  why: 'The host sends larger packets than the switch passes, and the switch drops them without a word: jumbo frames on one side only, or a tunnel that takes its share. Login and ping work, every copy hangs.',
  weight: 'light',
  variants: { 'jumbo-frames-here-only': { mtu: 9000, passes: 1500 }, 'tunnel-on-the-way': { mtu: 1500, passes: 1400 } },
  zfs: false,
  inject: async (host, { mtu, passes }) => {
    await expectNoPool(host);
    await makeUplink(host, mtu);
    await host.run(`ip netns exec lan nft add table netdev wire
      ip netns exec lan nft add chain netdev wire in "{ type filter hook ingress device port1 priority 0; }"
      ip netns exec lan nft add rule netdev wire in meta length gt ${passes} drop
      ethtool -K eno1 tso off gso off gro off >/dev/null; ip netns exec lan ethtool -K port1 tso off gso off gro off >/dev/null`);
    await copyOverNetwork(host);
  },
  settleSeconds: 10,
  check: async (host, { mtu }) => {
    const small = await host.run(`ping -q -c 3 -i 0.2 -W 1 ${gatewayAddress}`, { mayFail: true });
    const large = await host.run(`ping -q -M do -s ${mtu - 28} -c 3 -i 0.2 -W 1 ${gatewayAddress}`, { mayFail: true });
    return / 0% packet loss/.test(small) && / 100% packet loss/.test(large) ? undefined : `small: ${small}; large: ${large}`;
  },
  truth: { first: ['mtu-mismatch'], symptoms: ['network-errors'], never: ['packet-loss', 'nic-hang'] },
});
