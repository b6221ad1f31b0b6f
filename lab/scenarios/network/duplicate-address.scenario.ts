import { defineScenario, type Host } from '../../define.ts';
import { expectNoPool } from '../../loads/no-pool.ts';
import { makeUplink } from './uplink.ts';

const address = '2001:db8:0:7::10';
const refused = (device: string) => async (host: Host): Promise<string | undefined> => {
  const text = await host.run(`ip -o -6 addr show dev ${device}`);
  return text.includes('dadfailed') ? undefined : `the address is in use here: ${text.trim()}`;
};

interface Variant {
  readonly take: (host: Host) => Promise<void>;
  readonly check: (host: Host) => Promise<string | undefined>;
}

async function takenAtCard(host: Host): Promise<void> {
  await host.run(`ip -n lan addr add ${address}/64 dev port1 nodad; sleep 1; ip addr add ${address}/64 dev eno1; sleep 4`);
}

async function takenAtBridge(host: Host): Promise<void> {
  await host.run(`ip link add vmbr7 type bridge; ip link set vmbr7 up
    ip netns add twin; ip link add tap77i0 type veth peer name port2 netns twin; ip link set tap77i0 master vmbr7 up; ip -n twin link set port2 up
    ip -n twin addr add ${address}/64 dev port2 nodad; sleep 2; ip addr add ${address}/64 dev vmbr7; sleep 4`);
}

export default defineScenario<Variant>({
  name: 'duplicate-address',
  subject: 'network',
  kind: 'fault',
  why: 'Another machine of the network has the address of this host: a copied guest, or an old host that was switched on again. With IPv6 the kernel notices and does not use it, so that whoever asks for this host reaches the other or nobody, which is what the monitoring tells the user.',
  weight: 'light',
  variants: { 'host-in-the-network': { take: takenAtCard, check: refused('eno1') }, 'guest-on-the-bridge': { take: takenAtBridge, check: refused('vmbr7') } },
  zfs: false,
  inject: async (host, { take }) => {
    await expectNoPool(host);
    await makeUplink(host);
    await take(host);
  },
  check: (host, { check }) => check(host),
  look: () => ({ symptoms: ['target-missing'] }),
  truth: { first: ['duplicate-address'], never: ['packet-loss', 'dns-broken', 'mtu-mismatch'] },
});
