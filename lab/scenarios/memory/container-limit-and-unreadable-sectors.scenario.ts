import { defineScenario } from '../../define.ts';
import { mechanicalDisk, pool } from '../disk/disks.ts';
import { eater } from './eater.ts';

/** ZFS fills a disk in pieces of 32 MiB, and not from its beginning: one sector in each of several pieces, of which it uses some. */
const badSector = (index: number): number => (index % 2 === 0 ? 135 + index : 300 + 16 * index) * 2048;

export default defineScenario<{ readonly limitMib: number; readonly sectors: number }>({
  name: 'container-limit-and-unreadable-sectors',
  subject: 'memory',
  kind: 'double',
  why: 'Two faults at once: a container is at its memory limit, and the kernel kills what runs in it again and again, while a disk of the pool has sectors that cannot be read. Neither follows from the other, and both must be named.',
  weight: 'light',
  variants: { 'small-limit': { limitMib: 128, sectors: 4 }, 'larger-limit': { limitMib: 256, sectors: 8 } },
  inject: async (host, { limitMib, sectors }) => {
    const bad = await host.addDisk({ ...mechanicalDisk('WDO0001', 512), unreadableSectors: Array.from({ length: sectors }, (_, index) => badSector(index)) });
    await pool(host, bad);
    await host.run('dd if=/dev/urandom of=/tank/archive bs=1M count=250 status=none; sync; zpool export tank; zpool import tank; zpool scrub tank; zpool wait -t scrub tank', { timeoutSeconds: 300, mayFail: true });
    await host.start('container101', `while :; do lab-guest lxc/101 --memory-mib ${limitMib} -- bash -c '${eater(limitMib * 2, { mibPerSecond: 100 }).replaceAll("'", `'"'"'`)}'; sleep 4; done`);
    await host.run("for i in $(seq 200); do dmesg | grep -q 'Memory cgroup out of memory: Killed' && exit; sleep 1; done; exit 1", { timeoutSeconds: 240 });
    await host.start('reader', 'while :; do cat /tank/archive >/dev/null; zpool scrub tank 2>/dev/null; sleep 8; done');
  },
  settleSeconds: 15,
  check: async (host) => {
    const errors = Number(await host.run("dmesg | grep -cE 'error, dev sda|Unrecovered read' || true"));
    return errors > 0 ? undefined : 'the kernel has logged no error of the disk';
  },
  truth: {
    first: ['disk-failing', 'disk-io-errors', 'guest-memory-limit', 'oom-kills'],
    among: [
      ['disk-failing', 'disk-io-errors'],
      ['guest-memory-limit', 'oom-kills'],
    ],
    // Whoever reads and scrubs without a pause keeps an emulated processor busy.
    allowed: ['cpu-saturated', 'disk-failing', 'disk-io-errors', 'guest-memory-limit', 'oom-kills', 'zpool-checksum-errors', 'zpool-degraded', 'zfs-scrub-running'],
    objects: { 'disk-failing': 'WDO0001', 'disk-io-errors': 'WDO0001', 'guest-memory-limit': 'lxc/101', 'oom-kills': 'lxc/101' },
    never: ['memory-exhausted', 'disk-slow'],
  },
});
