import { defineScenario } from '../../define.ts';
import { pool } from '../disk/disks.ts';

export default defineScenario<{ readonly layout: string }>({
  name: 'checksum-errors',
  subject: 'zfs',
  kind: 'fault',
  why: 'Bytes of one disk are overwritten under ZFS, as a bad cable, controller or RAM does it: no I/O fails, but checksums do not match. In a mirror ZFS repairs them, alone files are damaged. Checksum errors of the pool are right; a failing disk is not shown by them.',
  weight: 'light',
  variants: { 'mirror-repairs': { layout: 'mirror /dev/vdb /dev/vdc' }, 'single-disk-damaged': { layout: '/dev/vdc' } },
  inject: async (host, { layout }) => {
    await pool(host, layout);
    await host.run('dd if=/dev/urandom of=/tank/archive bs=1M count=120 status=none; sync', { timeoutSeconds: 240 });
    // zdb(8) tells where blocks of the file lie; on the disk, 4 MiB of labels come before them.
    await host.run(
      `zdb -ddddd tank/ $(ls -i /tank/archive | cut -d' ' -f1) | awk '$2 == "L0" && ++n % 10 == 0 { split($3, a, ":"); print a[2] }' >/root/blocks
       [ "$(wc -l </root/blocks)" -gt 50 ] || { echo "no blocks of the file were found" >&2; exit 1; }; zpool export tank
       while read -r block; do dd if=/dev/urandom of=/dev/vdc1 bs=4096 seek=$(((0x$block + 0x400000) / 4096)) count=8 conv=notrunc status=none; done </root/blocks
       sync /dev/vdc1; zpool import tank`,
      { timeoutSeconds: 180 },
    );
    await host.run('zpool scrub tank; zpool wait -t scrub tank', { timeoutSeconds: 240, mayFail: true });
    await host.start('reader', 'while :; do cat /tank/archive >/dev/null; sleep 5; done');
  },
  check: async (host) => {
    const errors = (await host.run("zpool status -p tank | awk '$1 ~ /vdc/ { print $5 }'")).trim();
    return Number(errors) > 0 ? undefined : `zpool status counts "${errors}" checksum errors`;
  },
  truth: { first: ['zpool-checksum-errors'], never: ['disk-slow', 'disk-io-errors'], allowed: ['zfs-scrub-running'], objects: { 'zpool-checksum-errors': 'tank' } },
});
