import { defineScenario } from '../../define.ts';
import { expectNoPool } from '../../loads/no-pool.ts';
import { copyOverNetwork, gatewayAddress, makeUplink } from './uplink.ts';

export default defineScenario<{ readonly percent: number }>({
  name: 'packet-loss',
  subject: 'network',
  kind: 'fault',
  why: 'The network between the host and its gateway loses a share of the packets in both directions, as a bad cable or an overloaded switch does. Copies crawl, because TCP sends again and slows down.',
  weight: 'light',
  variants: { 'five-percent': { percent: 5 }, 'twenty-percent': { percent: 20 }, 'twelve-percent': { percent: 12 } },
  zfs: false,
  inject: async (host, { percent }) => {
    await expectNoPool(host);
    await makeUplink(host);
    await copyOverNetwork(host);
    await host.run(`ip netns exec lan tc qdisc add dev port1 root netem loss ${percent}%
      ip netns exec lan nft add table netdev wire
      ip netns exec lan nft add chain netdev wire in "{ type filter hook ingress device port1 priority 0; }"
      ip netns exec lan nft add rule netdev wire in numgen random mod 100 lt ${percent} drop`);
  },
  settleSeconds: 15,
  check: async (host, { percent }) => {
    const text = await host.run(`ping -q -c 60 -i 0.05 -W 1 ${gatewayAddress}`, { mayFail: true });
    const lost = Number(/([\d.]+)% packet loss/.exec(text)?.[1] ?? 0);
    return lost >= percent / 2 ? undefined : `only ${lost} % of the pings are lost`;
  },
  truth: { first: ['packet-loss'], symptoms: ['network-errors'], never: ['mtu-mismatch', 'nic-hang'] },
});
