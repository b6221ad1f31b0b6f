import { defineScenario } from '../../define.ts';
import { expectNoPool } from '../../loads/no-pool.ts';
import { makeUplink } from './uplink.ts';

export default defineScenario<{ readonly servers: readonly string[] }>({
  name: 'dns-dead',
  subject: 'network',
  kind: 'fault',
  why: 'The name servers of the host do not answer any more; addresses still work. Backups and updates fail, and the monitoring reports missing targets, which the user says, since the host itself is not slow.',
  weight: 'light',
  variants: { 'one-silent-server': { servers: ['192.0.2.53'] }, 'two-silent-servers': { servers: ['192.0.2.53', '192.0.2.54'] } },
  zfs: false,
  inject: async (host, { servers }) => {
    await expectNoPool(host);
    await makeUplink(host);
    await host.run(`printf '\\npbs: offsite\\n\\tdatastore main\\n\\tserver backup.example.org\\n\\tcontent backup\\n\\tusername root@pam\\n' >>/etc/pve/storage.cfg
      echo 'deb http://ftp.debian.org/debian stable main contrib' >/etc/apt/sources.list`);
    // The addresses exist, but whoever listens there drops everything.
    await host.run(`${servers.map((address) => `ip -n lan addr add ${address}/24 dev port1`).join('; ')}
      ip netns exec lan nft add table inet away && ip netns exec lan nft add chain inet away in "{ type filter hook input priority 0; }" && ip netns exec lan nft add rule inet away in udp dport 53 drop && ip netns exec lan nft add rule inet away in tcp dport 53 drop
      rm -f /etc/resolv.conf; printf '${servers.map((address) => `nameserver ${address}\\n`).join('')}search example.org\\n' >/etc/resolv.conf`);
  },
  check: async (host) => {
    const text = await host.run('timeout 4 getent hosts backup.example.org; echo $?', { mayFail: true });
    return text.trim().endsWith('124') || text.trim().endsWith('2') ? undefined : `the name was found: ${text.trim()}`;
  },
  look: () => ({ symptoms: ['target-missing'] }),
  truth: { first: ['dns-broken'], never: ['packet-loss', 'mtu-mismatch'] },
});
