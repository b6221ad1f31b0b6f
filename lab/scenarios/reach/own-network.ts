import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Host, Look } from '../../define.ts';
import { runProcess } from '../../vm/process.ts';
import { ask } from './asking.ts';

/**
 * A network between the asking machine and the lab machine, so that from outside it looks as a real host does: QEMU's own forwarding
 * accepts connections whatever the machine is doing. It needs root, as building the machine does. `switch`: both are in one network;
 * what is gone is reported as such by the neighbours. `router`: a router lies in between that knows the hardware addresses behind it
 * by heart, so that what is gone just never answers.
 */
export type Way = 'switch' | 'router';

const prefix = 'culprit-lab';
const hardwareAddress = '52:54:00:00:64:02';
const addresses = new WeakMap<Host, string>();

async function sh(script: string): Promise<string> {
  const { status, stdout, stderr } = await runProcess('sh', ['-ec', script], { timeoutSeconds: 30 });
  if (status !== 0) throw new Error(`A network for the machine could not be made (this needs root and iproute2): ${stderr.trim().slice(-500)}`);
  return stdout;
}

interface Network {
  readonly name: string;
  readonly number: string;
  readonly madeAt: number;
}
/** Those of this process. */
const networks = new Set<Network>();
const longestRunMs = 600_000;

function remove({ name, number }: Pick<Network, 'name' | 'number'>): void {
  for (const words of [['netns', 'del', name], ['link', 'del', `clab${number}`]]) {
    try {
      execFileSync('ip', words, { stdio: 'ignore' });
    } catch {
      // It is gone already.
    }
  }
}

/** A number that no other network has; what is over, and what killed runs have left, is removed. */
async function freeNumber(): Promise<string> {
  for (const network of networks) {
    if (performance.now() - network.madeAt < longestRunMs) continue;
    remove(network);
    networks.delete(network);
  }
  const used = new Set<string>();
  for (const line of (await sh('ip netns list')).split('\n')) {
    const [whole, number, processId] = new RegExp(`^${prefix}-(\\d+)-(\\d+)`).exec(line) ?? [];
    if (whole === undefined || number === undefined) continue;
    if (existsSync(`/proc/${processId}`)) used.add(number);
    else remove({ name: whole, number });
  }
  const number = Array.from({ length: 30 }, (_, index) => String(index)).find((one) => !used.has(one));
  if (number === undefined) throw new Error('All networks of the lab are in use.');
  return number;
}

/** Plugs a second network card into the machine, at the other end of a network of its own, and waits until the machine answers there. */
export async function joinNetwork(host: Host, way: Way): Promise<string> {
  const number = await freeNumber();
  const network = `${prefix}-${number}-${process.pid}`;
  const at = (offset: number): string => `198.51.100.${Number(number) * 8 + offset}`;
  const address = way === 'switch' ? at(2) : at(6);
  await sh(`ip netns add ${network}`);
  if (networks.size === 0) process.once('exit', () => networks.forEach(remove));
  networks.add({ name: network, number, madeAt: performance.now() });
  await sh(`ip link del clab${number} 2>/dev/null || :; ip link del clabt${number} 2>/dev/null || :
    ip tuntap add dev clabt${number} mode tap
    ip link add clab${number} type veth peer name far0 netns ${network}
    ip addr add ${at(1)}/30 dev clab${number}; ip link set clab${number} up`);
  await host.run('mkdir -p /run/systemd/network; printf "[Match]\\nName=eth2\\n[Link]\\nUnmanaged=yes\\n" >/run/systemd/network/00-eth2.network; networkctl reload');
  await host.qmp('netdev_add', { type: 'tap', id: 'net2', ifname: `clabt${number}`, script: 'no', downscript: 'no' });
  await host.qmp('device_add', { driver: 'virtio-net-pci', id: 'nic2', netdev: 'net2', bus: 'port5', mac: hardwareAddress, romfile: '' });
  const inside = way === 'switch'
    ? 'ip link add br0 type bridge; for d in far0 tap0; do ip link set $d master br0 up; done; ip link set br0 up'
    : `echo 1 >/proc/sys/net/ipv4/ip_forward; ip addr add ${at(2)}/30 dev far0; ip addr add ${at(5)}/30 dev tap0; ip link set far0 up; ip link set tap0 up
       ip neigh replace ${address} lladdr ${hardwareAddress} dev tap0 nud permanent`;
  await sh(`ip link set clabt${number} netns ${network} name tap0
    ip netns exec ${network} sh -ec '${inside}'
    ${way === 'router' ? `ip route replace ${at(4)}/30 via ${at(2)}` : ''}`);
  await host.run(`for i in $(seq 100); do [ -e /sys/class/net/eth2 ] && break; sleep 0.2; done
    ip addr add ${address}/30 dev eth2; ip link set eth2 up
    ${way === 'router' ? `ip route replace ${at(0)}/30 via ${at(5)}` : ''}`);
  for (let attempt = 0; attempt < 10; attempt += 1) {
    const seen = await ask(address);
    if (seen.ping && seen.banner.startsWith('SSH-') && seen.exporter === 'connected') {
      addresses.set(host, address);
      return address;
    }
  }
  throw new Error(`The machine does not answer at ${address}, before anything was broken.`);
}

/** Where the machine was made to answer. */
export function addressOf(host: Host): string {
  const address = addresses.get(host);
  if (address === undefined) throw new Error('The machine has not joined a network.');
  return address;
}

/** The words of a user who asks the machine by its address; keys of hosts that come and go are not kept. */
export const lookThere = (host: Host): Look => ({
  words: [`root@${addressOf(host)}`, '-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null', '-o', 'LogLevel=ERROR'],
});
