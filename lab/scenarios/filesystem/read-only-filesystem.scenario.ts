import { defineScenario } from '../../define.ts';
import { expectNoPool } from '../../loads/no-pool.ts';

interface Variant {
  readonly how: 'metadata-error' | 'journal-lost';
}

export default defineScenario<Variant>({
  name: 'read-only-filesystem',
  subject: 'filesystem',
  kind: 'fault',
  why: 'ext4 met an error and went read-only, as its mount option says. In one variant its own metadata does not add up, in the other the disk below refuses writes. What wants to write there fails.',
  weight: 'light',
  variants: { 'metadata-error': { how: 'metadata-error' }, 'writes-refused': { how: 'journal-lost' } },
  zfs: false,
  inject: async (host, { how }) => {
    await expectNoPool(host);
    await host.run(`mkdir -p /var/lib/vz && size=$(blockdev --getsz /dev/vdb) && dmsetup create images --table "0 $size linear /dev/vdb 0" && mkfs.ext4 -qF /dev/mapper/images && mount -o errors=remount-ro /dev/mapper/images /var/lib/vz && mkdir /var/lib/vz/images && echo data >/var/lib/vz/images/disk && sync`);
    if (how === 'metadata-error') await host.run('echo 1 >/sys/fs/ext4/dm-0/trigger_fs_error');
    else {
      await host.run('dmsetup suspend --nolockfs images && echo "0 $(blockdev --getsz /dev/vdb) error" | dmsetup load images && dmsetup resume images');
      await host.run('for i in 1 2 3; do echo more >>/var/lib/vz/images/disk; sync; sleep 1; done', { mayFail: true });
    }
    await host.start('writer', 'while :; do echo line >>/var/lib/vz/images/log || logger -t guest "cannot write to the log"; sleep 1; done');
  },
  check: async (host) => {
    const text = await host.run('grep /var/lib/vz /proc/mounts; touch /var/lib/vz/images/probe 2>&1 || true');
    // Since Linux 6.12 it is an I/O error, and the mount still says that it is writable.
    return /Read-only file system|Input\/output error/.test(text) ? undefined : `still writable: ${text.trim()}`;
  },
  truth: ({ how }) => ({
    first: ['filesystem-read-only', ...(how === 'journal-lost' ? ['disk-io-errors'] : [])],
    allowed: how === 'journal-lost' ? ['disk-io-errors', 'filesystem-read-only'] : [],
    objects: { 'filesystem-read-only': '/var/lib/vz' },
    symptoms: ['errors-logged'],
  }),
});
