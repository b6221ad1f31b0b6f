import { defineScenario } from '../../define.ts';
import { mechanicalDisk, pool } from '../disk/disks.ts';

export default defineScenario<{ readonly how: string; readonly readers: number }>({
  name: 'degraded-mirror-and-storage-gone',
  subject: 'zfs',
  kind: 'double',
  why: 'Two faults at once: one half of a mirror is gone, silently, and the storage that is mounted by NFS has stopped answering, loudly: what touches it hangs, and the load rises. Both must be named, for the quiet one is where data may be lost.',
  weight: 'light',
  variants: {
    'disk-faulted': { how: 'zpool offline -f tank sdb', readers: 6 },
    'disk-vanishes': { how: 'echo 1 >/sys/block/sdb/device/delete; dd if=/dev/urandom of=/tank/more bs=1M count=5 conv=fsync status=none; sleep 3', readers: 10 },
  },
  inject: async (host, { how, readers }) => {
    const disks = [await host.addDisk(mechanicalDisk('WDN0001')), await host.addDisk(mechanicalDisk('WDN0002'))];
    await pool(host, `mirror ${disks.join(' ')}`);
    await host.run('dd if=/dev/urandom of=/tank/archive bs=1M count=40 conv=fsync status=none');
    await host.run(
      `mkdir -p /srv/export /mnt/pve/nas && for i in $(seq ${readers}); do head -c 2000000 /dev/urandom >/srv/export/image$i; done
       echo '/srv/export 127.0.0.1(rw,no_root_squash,no_subtree_check,fsid=7,insecure)' >/etc/exports
       systemctl start nfs-server && exportfs -ra && mount -t nfs -o vers=4.2,hard,noac 127.0.0.1:/srv/export /mnt/pve/nas
       ${how}
       nft add table inet away && nft add chain inet away input "{ type filter hook input priority 0; }" && nft add rule inet away input tcp dport 2049 drop`,
      { timeoutSeconds: 180 },
    );
    for (let index = 1; index <= readers; index += 1) await host.start(`reader${index}`, `echo 3 >/proc/sys/vm/drop_caches; while :; do cat /mnt/pve/nas/image${index} >/dev/null; sleep 1; done`);
    await host.start('little-load', 'while :; do dd if=/dev/urandom of=/tank/log bs=4k count=20 conv=fsync 2>/dev/null; sleep 2; done');
  },
  settleSeconds: 45,
  check: async (host, { readers }) => {
    const state = (await host.run('zpool list -H -o health tank')).trim();
    if (state !== 'DEGRADED') return `the pool is ${state}`;
    const waiting = Number(await host.run("ps -eo stat,comm | awk '$1 ~ /^D/' | wc -l"));
    return waiting >= readers - 1 ? undefined : `only ${waiting} processes wait`;
  },
  truth: {
    first: ['network-storage-unreachable', 'zpool-degraded'],
    among: ['network-storage-unreachable', 'zpool-degraded'],
    allowed: ['hung-tasks', 'pvestatd-stuck', 'disk-failing', 'disk-io-errors'],
    objects: { 'network-storage-unreachable': '127.0.0.1', 'zpool-degraded': 'tank' },
    symptoms: ['redundancy-lost'],
    never: ['disk-slow', 'iowait-meter-wrong'],
  },
});
