import { defineScenario } from '../../define.ts';
import { expectNoPool } from '../../loads/no-pool.ts';

interface Variant {
  /** Brings everything that writes to /srv/data to a stand. */
  readonly stop: string;
  readonly writers: number;
}

export default defineScenario<Variant>({
  name: 'hung-task',
  subject: 'kernel',
  kind: 'fault',
  why: 'A file system that guests write to stands still, because the volume below it was suspended and never resumed, or because it was frozen for a snapshot and never thawed. Its writers wait without end, the load rises, and the kernel reports hung tasks. The disks below are quick and idle, so no disk is to blame; that tasks hang, and where, is as much as can be said.',
  weight: 'light',
  variants: {
    'volume-suspended': { stop: 'dmsetup suspend --noflush --nolockfs data', writers: 6 },
    'file-system-frozen': { stop: 'fsfreeze -f /srv/data', writers: 8 },
  },
  zfs: false,
  inject: async (host, { stop, writers }) => {
    await expectNoPool(host);
    await host.run(
      `echo "0 $(blockdev --getsz /dev/vdb) linear /dev/vdb 0" | dmsetup create data
       mkfs.ext4 -qF -E lazy_itable_init=1 /dev/mapper/data && mkdir -p /srv/data && mount /dev/mapper/data /srv/data
       echo 15 >/proc/sys/kernel/hung_task_timeout_secs`,
      { timeoutSeconds: 120 },
    );
    await host.start('guest-100', `for i in $(seq ${writers}); do (while :; do dd if=/dev/urandom of=/srv/data/image$i bs=64k count=4 conv=fsync 2>/dev/null; sleep 0.5; done) & done; wait`, { guest: 'qemu/100' });
    await host.run(`for i in $(seq 60); do [ -e /srv/data/image${writers} ] && break; sleep 0.5; done; sleep 3; ${stop}`);
  },
  settleSeconds: 60,
  check: async (host, { writers }) => {
    const waiting = Number(await host.run("ps -eo stat,comm | grep -cE '^D.* (kvm|dd)$' || true"));
    if (waiting < writers / 2) return `only ${waiting} writers wait`;
    const reported = Number(await host.run("dmesg | grep -c 'blocked for more than' || true"));
    return reported > 0 ? undefined : 'the kernel reported no hung task';
  },
  truth: { first: ['hung-tasks'], symptoms: ['errors-logged'], never: ['disk-slow', 'disk-failing', 'disk-saturated', 'disk-io-errors', 'iowait-meter-wrong', 'network-storage-unreachable'] },
});
