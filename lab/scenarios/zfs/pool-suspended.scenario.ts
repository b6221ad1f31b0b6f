import { defineScenario } from '../../define.ts';
import { mechanicalDisk, pool } from '../disk/disks.ts';

export default defineScenario<{ readonly layout: 'single' | 'mirror' }>({
  name: 'pool-suspended',
  subject: 'zfs',
  kind: 'fault',
  why: 'All disks of a pool vanish from their bus while it is written to, as when a controller or an enclosure loses power. ZFS stops all I/O and waits; every process that touches the pool hangs, and so would zpool itself. The suspended pool is right, with what stands behind it.',
  weight: 'light',
  variants: { 'only-disk': { layout: 'single' }, 'both-halves': { layout: 'mirror' } },
  inject: async (host, { layout }) => {
    const disks = [await host.addDisk(mechanicalDisk('WDF0001')), ...(layout === 'mirror' ? [await host.addDisk(mechanicalDisk('WDF0002'))] : [])];
    await pool(host, `${layout === 'mirror' ? 'mirror' : ''} ${disks.join(' ')}`);
    await host.start('writer', 'while :; do dd if=/dev/urandom of=/tank/log bs=64k count=20 conv=fsync 2>/dev/null; sleep 0.2; done');
    await host.wait(4);
    // As the kernel deals with disks that stopped answering: it takes them offline, and then away.
    const names = disks.map((disk) => disk.slice(5)).join(' ');
    await host.run(`for d in ${names}; do echo offline >/sys/block/$d/device/state; done; sleep 5; for d in ${names}; do echo 1 >/sys/block/$d/device/delete; done`);
  },
  settleSeconds: 20,
  check: async (host) => {
    const state = (await host.run('for i in $(seq 60); do read -r state </proc/spl/kstat/zfs/tank/state; [ "$state" = ONLINE ] || break; sleep 1; done; echo "$state"', { timeoutSeconds: 120 })).trim();
    return state === 'SUSPENDED' ? undefined : `the pool is ${state}: ${(await host.run("dmesg | tail -n 5; systemctl is-active writer", { mayFail: true })).trim()}`;
  },
  truth: {
    first: ['zpool-suspended'],
    allowed: ['disk-io-errors', 'disk-failing', 'hung-tasks', 'zfs-txg-stalled', 'zpool-degraded', 'hba-fault'],
    objects: { 'zpool-suspended': 'tank' },
    never: ['iowait-meter-wrong'],
  },
});
