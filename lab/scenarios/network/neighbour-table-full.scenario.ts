import { defineScenario } from '../../define.ts';
import { expectNoPool } from '../../loads/no-pool.ts';
import { waitUntilBootIsOver } from './after-boot.ts';

export default defineScenario<{ readonly maximum: number; readonly neighbours: number }>({
  name: 'neighbour-table-full',
  subject: 'network',
  kind: 'fault',
  why: 'More neighbours talk with this host in one large flat network than its table has room for: packets to those who find no place are dropped, so that hosts are reachable at random. The limit is the kernel\'s own, or a smaller one that somebody had set.',
  weight: 'light',
  variants: { 'kernel-limit': { maximum: 1024, neighbours: 1600 }, 'smaller-limit': { maximum: 256, neighbours: 500 } },
  zfs: false,
  inject: async (host, { maximum, neighbours }) => {
    await expectNoPool(host);
    await waitUntilBootIsOver(host);
    await host.run(`ip netns add lan; ip link add eno1 type veth peer name port1 netns lan; ip addr add 10.9.255.1/16 dev eno1; ip link set eno1 up
      ip -n lan addr add 10.9.255.2/16 dev port1; ip -n lan link set port1 up; ip -n lan link set lo up; ip -n lan route add local 10.9.0.0/17 dev lo
      ip route replace default via 10.9.255.2 dev eno1
      sysctl -qw net.ipv4.neigh.default.gc_thresh3=${maximum} net.ipv4.neigh.default.gc_thresh2=${maximum / 2} net.ipv4.neigh.default.gc_thresh1=${maximum / 8}`);
    await host.start('conversations', `exec python3 -c '
import socket, time
out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
while True:
    for number in range(${neighbours}):
        try: out.sendto(b"query", ("10.9.%d.%d" % (number // 250, 1 + number % 250), 9))
        except OSError: pass
        if number % 100 == 99: time.sleep(0.2)
'`);
  },
  settleSeconds: 15,
  check: async (host) => {
    const text = await host.run("ip -4 neigh | wc -l; dmesg | grep -c 'neighbor table overflow' || true");
    return Number(text.trim().split('\n')[1]) > 0 ? undefined : `the table has not overflowed: ${text.trim()}`;
  },
  truth: { first: ['neighbour-table-full'], symptoms: ['network-errors'], never: ['packet-loss', 'conntrack-full', 'mtu-mismatch'] },
});
