import { defineScenario } from '../../define.ts';
import { expectNoPool } from '../../loads/no-pool.ts';

export default defineScenario<{ readonly whenFull: 'y' | 'n'; readonly full: 'data' | 'metadata' }>({
  name: 'thin-pool-full',
  subject: 'filesystem',
  kind: 'fault',
  why: 'The thin pool that holds the disks of guests was given out several times over, and is full now: writes of guests fail, or wait until they fail. The file systems inside look half empty.',
  weight: 'light',
  variants: { 'errors-at-once': { whenFull: 'y', full: 'data' }, 'waits-for-space': { whenFull: 'n', full: 'data' } },
  zfs: false,
  inject: async (host, { whenFull }) => {
    await expectNoPool(host);
    await host.run(
      `pvcreate -qqy /dev/vdb && vgcreate -qq pve /dev/vdb && lvcreate -qqy --type thin-pool -L 300M -n data --monitor n pve && lvchange -qq --errorwhenfull ${whenFull} pve/data
       for id in 100 101 103; do lvcreate -qqy -V 1G --thinpool pve/data -n vm-$id-disk-0; done
       mkfs.ext4 -qF -E nodiscard /dev/pve/vm-100-disk-0 && mkdir -p /mnt/guest && mount /dev/pve/vm-100-disk-0 /mnt/guest`,
      { timeoutSeconds: 180 },
    );
    await host.start('filler', 'dd if=/dev/urandom of=/dev/pve/vm-101-disk-0 bs=1M count=400 oflag=direct');
    await host.wait(15);
    await host.start('guest', 'while :; do head -c 500000 /dev/urandom >/mnt/guest/file$RANDOM; sync -f /mnt/guest; sleep 1; done');
  },
  settleSeconds: 15,
  check: async (host) => {
    const used = Number((await host.run('lvs --noheadings -o data_percent pve/data')).trim());
    return used >= 99 ? undefined : `the thin pool is ${used} % full`;
  },
  truth: {
    first: ['lvm-thin-full'],
    allowed: ['filesystem-read-only', 'disk-io-errors', 'hung-tasks'],
    objects: { 'lvm-thin-full': 'data' },
    never: ['disk-failing', 'disk-slow'],
  },
});
