import { defineScenario } from '../../define.ts';
import { pool } from '../disk/disks.ts';

export default defineScenario<{ readonly back: boolean }>({
  name: 'zpool-not-imported',
  subject: 'zfs',
  kind: 'fault',
  why: 'When the services that import pools ran at boot, the disks of the pool were not there: their enclosure was switched on too late, or not at all. Guests with disks on the pool do not start, which is what the user says. Whether its disks have come since or not, the pool is not imported.',
  weight: 'light',
  variants: { 'disks-came-too-late': { back: true }, 'disks-are-missing': { back: false } },
  inject: async (host, { back }) => {
    const disk = await host.addDisk({ id: 'SSDI0001', sizeMib: 1024, bus: 'scsi', rotationRate: 1 });
    await pool(host, disk);
    // The list of pools is that of before the boot; an ordinary export would take the pool out of it.
    await host.run(
      `head -c 20000000 /dev/urandom >/tank/image; cp -a /etc/zfs/zpool.cache /root/cache; zpool export tank; mv /root/cache /etc/zfs/zpool.cache
       echo 1 >/sys/block/${disk.slice(5)}/device/delete; systemctl unmask zfs-import-cache.service 2>/dev/null
       timeout 60 systemctl start zfs-import-cache.service; true`,
      { timeoutSeconds: 120 },
    );
    if (back) await host.run('for h in /sys/class/scsi_host/host*; do echo "- - -" >$h/scan; done; udevadm settle -t 20; sleep 2', { timeoutSeconds: 60 });
  },
  check: async (host, { back }) => {
    const imported = (await host.run('zpool list -H -o name', { mayFail: true })).trim();
    if (imported !== '') return `imported is ${imported}`;
    const seen = (await host.run('zpool import 2>/dev/null | grep -c "pool: tank" || true', { timeoutSeconds: 60 })).trim();
    return (seen === '1') === back ? undefined : `disks of the pool that are seen: ${seen}`;
  },
  look: () => ({ symptoms: ['guest-down'] }),
  truth: { first: ['zpool-not-imported'], objects: { 'zpool-not-imported': 'tank' } },
});
