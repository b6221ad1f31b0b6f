import { defineScenario } from '../../define.ts';
import { expectNoPool } from '../../loads/no-pool.ts';
import { copyOverNetwork, gatewayAddress, makeUplink } from './uplink.ts';

export default defineScenario<{ readonly percent: number; readonly folder: string }>({
  name: 'packet-loss-and-full-filesystem',
  subject: 'network',
  kind: 'double',
  why: 'Two faults at once that have nothing to do with each other: the network loses packets, so that copies crawl, and the folder of backups has no byte left, so that what should be saved is not. Both must be named.',
  weight: 'light',
  variants: { 'backups-and-twelve-percent': { percent: 12, folder: '/var/lib/vz' }, 'images-and-twenty-percent': { percent: 20, folder: '/srv/images' } },
  zfs: false,
  inject: async (host, { percent, folder }) => {
    await expectNoPool(host);
    await host.run(
      `mkfs.ext4 -qF -E lazy_itable_init=1 /dev/vdb 150000 && mkdir -p ${folder} && mount /dev/vdb ${folder}
       dd if=/dev/zero of=${folder}/old-backup bs=1M status=none 2>/dev/null; cat /dev/zero >${folder}/rest 2>/dev/null; true`,
      { timeoutSeconds: 180 },
    );
    await host.start('writer', `while :; do head -c 100000 /dev/urandom >>${folder}/new-backup || logger -t backup "cannot write"; sleep 1; done`);
    await makeUplink(host);
    await copyOverNetwork(host);
    await host.run(`ip netns exec lan tc qdisc add dev port1 root netem loss ${percent}%
      ip netns exec lan nft add table netdev wire
      ip netns exec lan nft add chain netdev wire in "{ type filter hook ingress device port1 priority 0; }"
      ip netns exec lan nft add rule netdev wire in numgen random mod 100 lt ${percent} drop`);
  },
  settleSeconds: 15,
  check: async (host, { percent, folder }) => {
    const free = Number(await host.run(`df --output=avail -B1 ${folder} | tail -1`));
    if (free > 1_000_000) return `${free} bytes are free`;
    const lost = Number(/([\d.]+)% packet loss/.exec(await host.run(`ping -q -c 60 -i 0.05 -W 1 ${gatewayAddress}`, { mayFail: true }))?.[1] ?? 0);
    return lost >= percent / 2 ? undefined : `only ${lost} % of the pings are lost`;
  },
  truth: ({ folder }) => ({
    first: ['packet-loss', 'filesystem-full'],
    among: ['packet-loss', 'filesystem-full'],
    objects: { 'filesystem-full': folder },
    symptoms: ['space-low', 'network-errors'],
    never: ['mtu-mismatch', 'disk-slow'],
  }),
});
