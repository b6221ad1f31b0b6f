import { defineScenario } from '../../define.ts';
import { backup } from '../../loads/backup.ts';
import { database } from '../../loads/database.ts';
import { fill, makePool, makeVmDisk } from '../../loads/pool.ts';

export default defineScenario<{ readonly guests: readonly number[]; readonly operationsPerSecond: number }>({
  name: 'backup-hurts',
  subject: 'guests',
  kind: 'fault',
  why: 'The nightly backup reads the disks of the guests as fast as it can, and the disks have no room left for a guest that wants to commit. It is over when the backup is over; the backup is right.',
  weight: 'heavy',
  variants: { 'one-large-vm': { guests: [103], operationsPerSecond: 40 }, 'two-vms': { guests: [100, 103], operationsPerSecond: 55 } },
  inject: async (host, { guests, operationsPerSecond }) => {
    await makePool(host, { layout: 'mirror', disks: ['data1', 'data2'], compression: 'off' });
    for (const id of guests) await fill(host, await makeVmDisk(host, id), 300);
    if (!guests.includes(100)) await makeVmDisk(host, 100);
    await host.run('echo 67108864 >/sys/module/zfs/parameters/zfs_arc_max');
    for (const id of ['data1', 'data2']) await host.throttle(id, { operationsPerSecond });
    await database(host, { target: '/dev/zvol/tank/vm-100-disk-0', connections: 1, commitsPerSecond: 5, guest: 'qemu/100' });
    await backup(host, { guests, to: '/dev/null' });
    // QEMU reads past the page cache, the backup of this machine does not: it forgets what it has read.
    await host.start('forget', `while :; do ${guests.map((id) => `blockdev --flushbufs /dev/zvol/tank/vm-${id}-disk-0`).join('; ')}; sleep 1; done`);
  },
  settleSeconds: 25,
  check: async (host) => {
    const text = await host.run('cat /var/log/pve/tasks/active; pgrep -c zstd || true');
    return /vzdump/.test(text) ? undefined : `no backup runs: ${text}`;
  },
  truth: { first: ['backup-job-running'], allowed: ['disk-saturated', 'cpu-saturated', 'zfs-txg-stalled', 'guest-io-hog'], never: ['disk-failing'] },
});
