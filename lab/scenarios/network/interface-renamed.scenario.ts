import { defineScenario } from '../../define.ts';
import { expectNoPool } from '../../loads/no-pool.ts';
import { plugIntelCard } from './intel-card.ts';

export default defineScenario<{ readonly configured: string; readonly now: string }>({
  name: 'interface-renamed',
  subject: 'network',
  kind: 'fault',
  why: 'A network card has a new name since the reboot, because one more disk moved the numbers of the bus, or a new kernel appends the number of the port. The bridge of the configuration comes up without it, and host and guests are cut off; who sits at the console sees a gateway that does not answer.',
  weight: 'light',
  variants: { 'number-of-the-bus-moved': { configured: 'enp5s0', now: 'enp6s0' }, 'name-of-the-port-appended': { configured: 'enp1s0f0', now: 'enp1s0f0np0' } },
  zfs: false,
  inject: async (host, { configured, now }) => {
    await expectNoPool(host);
    const card = await plugIntelCard(host);
    await host.run(`ip addr flush dev ${card}; ip link set ${card} down; ip link set ${card} name ${now}
      printf 'iface ${configured} inet manual\\n\\nauto vmbr1\\niface vmbr1 inet static\\n\\taddress 10.0.5.15/24\\n\\tgateway 10.0.5.2\\n\\tbridge-ports ${configured}\\n\\tbridge-stp off\\n\\tbridge-fd 0\\n' >>/etc/network/interfaces
      ip link add vmbr1 type bridge; ip link set vmbr1 up; ip addr add 10.0.5.15/24 dev vmbr1; ip route replace default via 10.0.5.2 dev vmbr1`);
  },
  check: async (host, { configured, now }) => {
    const names = (await host.run('ls /sys/class/net')).split(/\s+/);
    if (names.includes(configured) || !names.includes(now)) return `the interfaces are ${names.join(', ')}`;
    return (await host.run('ls /sys/class/net/vmbr1/brif')).trim() === '' ? undefined : 'the bridge has ports';
  },
  truth: { first: ['interface-renamed'], objects: { 'interface-renamed': 'vmbr1' }, symptoms: ['network-errors'], never: ['packet-loss', 'mtu-mismatch', 'nic-hang'] },
});
