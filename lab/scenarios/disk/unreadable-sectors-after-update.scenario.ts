import { defineScenario } from '../../define.ts';
import { writeUpdateHistory } from '../../loads/package-update.ts';
import { mechanicalDisk } from './disks.ts';
import { makeGuestPool, startGuests } from '../cpu/guest-pool.ts';

/** 60 MiB into the disk, then one in every MiB. */
const firstBadSector = 60 * 2048;

export default defineScenario<{ readonly minutesAgo: number; readonly sectors: number }>({
  name: 'unreadable-sectors-after-update',
  subject: 'disk',
  kind: 'double',
  why: 'A real fault and a loud, innocent change: kernel and ZFS were updated this morning and the host rebooted, and now there is trouble. But the trouble is a disk with sectors that cannot be read, which no update makes. The disk is right; to blame the update is wrong, however well the times fit.',
  weight: 'light',
  variants: { 'half-an-hour-ago': { minutesAgo: 34, sectors: 60 }, 'this-morning': { minutesAgo: 5 * 60, sectors: 120 } },
  inject: async (host, { minutesAgo, sectors }) => {
    await writeUpdateHistory(host, minutesAgo);
    const bad = await host.addDisk({ ...mechanicalDisk('WDU0001'), unreadableSectors: Array.from({ length: sectors }, (_, index) => firstBadSector + index * 2048) });
    const good = await host.addDisk(mechanicalDisk('WDU0002'));
    await makeGuestPool(host, { layout: `mirror ${bad} ${good}` });
    await host.run('dd if=/dev/urandom of=/tank/archive bs=1M count=250 status=none; sync; zpool export tank; zpool import tank', { timeoutSeconds: 240 });
    // A mirror reads from either side: only a scrub is sure to touch both.
    await host.run('zpool scrub tank; zpool wait -t scrub tank', { timeoutSeconds: 240, mayFail: true });
    await startGuests(host, { thinkSeconds: 3 });
    await host.start('reader', 'while :; do zpool scrub tank 2>/dev/null; sleep 10; cat /tank/archive >/dev/null; done');
  },
  settleSeconds: 30,
  check: async (host) => {
    const errors = Number(await host.run("dmesg | grep -cE 'error, dev sda|Unrecovered read' || true"));
    if (errors === 0) return 'the kernel has logged no error of the disk';
    return (await host.run('grep -c upgrade /var/log/dpkg.log', { mayFail: true })).trim() === '0' ? 'the log of dpkg tells of no update' : undefined;
  },
  truth: {
    first: ['disk-failing', 'disk-io-errors'],
    // Whoever reads and scrubs without a pause keeps an emulated processor busy.
    allowed: ['cpu-saturated', 'disk-failing', 'disk-io-errors', 'zpool-checksum-errors', 'zpool-degraded', 'zfs-scrub-running'],
    objects: { 'disk-failing': 'WDU0001', 'disk-io-errors': 'WDU0001' },
    never: ['kernel-regression', 'disk-slow', 'zfs-crypto-unaccelerated'],
  },
});
