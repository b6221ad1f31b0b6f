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
    await host.run('dd if=/dev/urandom of=/tank/archive bs=1M count=250 status=none; sync; zpool export tank', { timeoutSeconds: 240 });
    await host.run('dd if=/dev/urandom of=/dev/vdc bs=1M seek=60 count=120 conv=notrunc,fsync status=none; zpool import tank', { timeoutSeconds: 120 });
    await host.run('zpool scrub tank; zpool wait -t scrub tank', { timeoutSeconds: 240, mayFail: true });
    await host.start('reader', 'while :; do cat /tank/archive >/dev/null; sleep 5; done');
  },
  check: async (host) => {
    const errors = (await host.run("zpool status -p tank | awk '$1 ~ /vdc/ { print $5 }'")).trim();
    return Number(errors) > 0 ? undefined : `zpool status counts "${errors}" checksum errors`;
  },
  truth: { first: ['zpool-checksum-errors'], never: ['disk-slow', 'disk-io-errors'], allowed: ['zfs-scrub-running'], objects: { 'zpool-checksum-errors': 'tank' } },
});
