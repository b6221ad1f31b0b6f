import { defineScenario } from '../../define.ts';
import { expectNoPool } from '../../loads/no-pool.ts';

export default defineScenario<{ readonly readers: number; readonly options: string }>({
  name: 'nfs-server-gone',
  subject: 'filesystem',
  kind: 'fault',
  why: 'A storage mounted by NFS stops answering: everything that touches it waits without end in uninterruptible sleep, the load rises with every waiting process while the processors idle. The storage that does not answer is right; hung tasks are its mechanism. The server runs on the machine itself, and a packet filter takes it away.',
  weight: 'light',
  variants: { 'few-readers': { readers: 3, options: 'hard' }, 'many-readers': { readers: 12, options: 'hard,nolock' } },
  zfs: false,
  inject: async (host, { readers, options }) => {
    await expectNoPool(host);
    await host.run(
      `mkdir -p /srv/export /mnt/pve/nas && for i in $(seq ${readers}); do head -c 3000000 /dev/urandom >/srv/export/image$i; done
       echo '/srv/export 127.0.0.1(rw,no_root_squash,no_subtree_check,fsid=7,insecure)' >/etc/exports
       systemctl start nfs-server && exportfs -ra && mount -t nfs -o vers=4.2,${options},noac 127.0.0.1:/srv/export /mnt/pve/nas`,
      { timeoutSeconds: 180 },
    );
    await host.run('nft add table inet away && nft add chain inet away input "{ type filter hook input priority 0; }" && nft add rule inet away input tcp dport 2049 drop');
    for (let index = 1; index <= readers; index += 1) await host.start(`reader${index}`, `echo 3 >/proc/sys/vm/drop_caches; while :; do cat /mnt/pve/nas/image${index} >/dev/null; sleep 1; done`);
  },
  settleSeconds: 45,
  check: async (host, { readers }) => {
    const waiting = Number(await host.run("ps -eo stat,comm | awk '$1 ~ /^D/' | wc -l"));
    return waiting >= readers - 1 ? undefined : `only ${waiting} processes wait`;
  },
  truth: { first: ['network-storage-unreachable'], allowed: ['hung-tasks', 'pvestatd-stuck'], never: ['disk-slow', 'disk-failing', 'iowait-meter-wrong'], objects: { 'network-storage-unreachable': '127.0.0.1' } },
});
