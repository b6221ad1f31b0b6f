import { defineScenario } from '../../define.ts';
import { expectNoPool } from '../../loads/no-pool.ts';
import { waitUntilBootIsOver } from './after-boot.ts';
import { gatewayAddress, makeUplink } from './uplink.ts';

export default defineScenario<{ readonly maximum: number }>({
  name: 'conntrack-full',
  subject: 'network',
  kind: 'fault',
  why: 'The firewall of the host tracks connections, and its table is full: new connections are dropped while old ones go on. Many short requests to ever new ports fill a table that somebody had made small.',
  weight: 'light',
  variants: { 'small-table': { maximum: 300 }, 'larger-table': { maximum: 1500 } },
  zfs: false,
  inject: async (host, { maximum }) => {
    await expectNoPool(host);
    await makeUplink(host);
    await waitUntilBootIsOver(host);
    // Who administers the host comes in untracked; else nobody could look.
    await host.run(`nft add table inet firewall && nft add chain inet firewall output "{ type filter hook output priority 0; policy accept; }" && nft add rule inet firewall output ct state new counter
      nft add chain inet firewall in "{ type filter hook prerouting priority raw; }" && nft add rule inet firewall in tcp dport 22 notrack
      nft add chain inet firewall out "{ type filter hook output priority raw; }" && nft add rule inet firewall out tcp sport 22 notrack
      sysctl -qw net.netfilter.nf_conntrack_max=${maximum}`);
    await host.start('requests', `exec python3 -c '
import socket, time
out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
while True:
    for port in range(1024, 1024 + ${maximum} + 400):
        try: out.sendto(b"query", ("${gatewayAddress}", port))
        except OSError: pass
    time.sleep(2)
'`);
  },
  settleSeconds: 15,
  check: async (host) => {
    const text = await host.run("cat /proc/sys/net/netfilter/nf_conntrack_count /proc/sys/net/netfilter/nf_conntrack_max; dmesg | grep -c 'table full' || true");
    return Number(text.trim().split('\n')[2]) > 0 ? undefined : `the kernel has dropped nothing; count and maximum: ${text.trim()}`;
  },
  truth: { first: ['conntrack-full'], symptoms: ['network-errors'] },
});
