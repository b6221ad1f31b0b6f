import { defineScenario } from '../../define.ts';
import { expectNoPool } from '../../loads/no-pool.ts';
import { gatewayAddress } from './uplink.ts';

export default defineScenario<{ readonly mode: string; readonly links: number }>({
  name: 'bond-degraded',
  subject: 'network',
  kind: 'fault',
  why: 'One link of a bond is down: a cable was pulled, or a port of the switch is dead. The bond goes on with the rest, and nobody feels anything, but the next failure cuts the host off. A bond that has lost a link it had must be named.',
  weight: 'light',
  variants: { 'active-backup': { mode: 'mode active-backup miimon 100', links: 2 }, 'lacp-of-three': { mode: 'mode 802.3ad miimon 100 lacp_rate fast', links: 3 } },
  zfs: false,
  inject: async (host, { mode, links }) => {
    await expectNoPool(host);
    const numbers = Array.from({ length: links }, (_, index) => index + 1);
    const far = mode.includes('802.3ad') ? `ip -n lan link add trunk type bond ${mode}` : 'ip -n lan link add trunk type bridge';
    await host.run(`modprobe bonding max_bonds=0 2>/dev/null; ip netns add lan; ${far}; ip -n lan link set trunk up
      ip link add bond0 type bond ${mode}
      ${numbers.map((n) => `ip link add eno${n} type veth peer name port${n} netns lan; ip -n lan link set port${n} down; ip -n lan link set port${n} master trunk; ip link set eno${n} down; ip link set eno${n} master bond0; ip -n lan link set port${n} up; ip link set eno${n} up`).join('\n')}
      ip link set bond0 up; ip addr add 192.0.2.2/24 dev bond0; ip -n lan addr add ${gatewayAddress}/24 dev trunk; ip route replace default via ${gatewayAddress} dev bond0
      for i in $(seq 20); do ping -c 1 -W 1 ${gatewayAddress} >/dev/null && break; sleep 1; done; sleep 3
      ip -n lan link set port2 down`, { timeoutSeconds: 120 });
    await host.start('traffic', `while :; do ping -c 20 -i 0.2 -s 1000 ${gatewayAddress} >/dev/null; done`);
  },
  check: async (host, { links }) => {
    const text = await host.run('grep -A1 "^Slave Interface" /proc/net/bonding/bond0');
    const up = (text.match(/MII Status: up/g) ?? []).length;
    if (up !== links - 1) return `${up} of ${links} links are up`;
    return / 0% packet loss/.test(await host.run(`ping -q -c 3 -i 0.3 -W 2 ${gatewayAddress}`, { mayFail: true })) ? undefined : 'the gateway does not answer over the links that are left';
  },
  truth: { first: ['bond-degraded'], objects: { 'bond-degraded': 'bond0' }, symptoms: ['redundancy-lost'], never: ['packet-loss', 'nic-hang'] },
});
