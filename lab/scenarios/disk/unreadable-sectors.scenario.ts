import { defineScenario } from '../../define.ts';
import { mechanicalDisk, pool } from './disks.ts';

interface Variant {
  readonly layout: 'mirror' | 'single';
  readonly sectors: number;
}

/** 150 MiB into the disk: in the middle of what was written. */
const firstBadSector = 150 * 2048;

export default defineScenario<Variant>({
  name: 'unreadable-sectors',
  subject: 'disk',
  kind: 'fault',
  why: 'Some sectors of a disk cannot be read, from one to a few; everything else is well. In a mirror ZFS repairs the data from the other copy, alone it reports damaged files. The kernel logs medium errors for the one disk, and that disk is right.',
  weight: 'light',
  variants: { 'mirror-one-sector': { layout: 'mirror', sectors: 1 }, 'single-disk-few-sectors': { layout: 'single', sectors: 8 } },
  inject: async (host, { layout, sectors }) => {
    // One in every MiB, so that some hit data whatever the allocator did.
    const unreadableSectors = Array.from({ length: sectors }, (_, index) => firstBadSector + index * 2048);
    const bad = await host.addDisk({ ...mechanicalDisk('WDD0001', 512), unreadableSectors });
    const good = layout === 'mirror' ? await host.addDisk(mechanicalDisk('WDD0002', 512)) : '';
    await pool(host, `${layout === 'mirror' ? 'mirror' : ''} ${bad} ${good}`);
    await host.run('dd if=/dev/urandom of=/tank/archive bs=1M count=300 status=none; sync; zpool export tank; zpool import tank', { timeoutSeconds: 240 });
    await host.start('reader', 'while :; do cat /tank/archive >/dev/null; zpool scrub tank 2>/dev/null; sleep 5; done');
    // A mirror reads from either side: only a scrub is sure to touch both.
    await host.run('zpool scrub tank; zpool wait -t scrub tank', { timeoutSeconds: 240, mayFail: true });
  },
  check: async (host) => {
    const lines = await host.run("dmesg | grep -cE 'error, dev sda|sd 0:.*(Medium Error|Unrecovered read)' || true");
    return Number(lines) > 0 ? undefined : 'the kernel has logged no error of the disk';
  },
  truth: {
    first: ['disk-failing', 'disk-io-errors'],
    // Whoever reads and scrubs without a pause keeps an emulated processor busy.
    allowed: ['cpu-saturated', 'disk-failing', 'disk-io-errors', 'zpool-checksum-errors', 'zfs-scrub-running', 'zpool-degraded'],
    objects: { 'disk-failing': 'WDD0001', 'disk-io-errors': 'WDD0001' },
    never: ['disk-slow'],
  },
});
