import { defineScenario } from '../../define.ts';
import { mechanicalDisk, pool } from '../disk/disks.ts';

export default defineScenario<{ readonly how: 'vanishes' | 'faulted' }>({
  name: 'degraded-mirror',
  subject: 'zfs',
  kind: 'fault',
  why: 'One half of a mirror is gone: it vanished from its bus, or ZFS took it out. All data is still there and nothing is slow, but there is no redundancy left, which must never be called healthy.',
  weight: 'light',
  variants: { 'disk-vanishes': { how: 'vanishes' }, 'disk-faulted': { how: 'faulted' } },
  inject: async (host, { how }) => {
    const disks = [await host.addDisk(mechanicalDisk('WDE0001')), await host.addDisk(mechanicalDisk('WDE0002'))];
    await pool(host, `mirror ${disks.join(' ')}`);
    await host.run('dd if=/dev/urandom of=/tank/archive bs=1M count=60 conv=fsync status=none');
    await host.run(how === 'vanishes' ? 'echo 1 >/sys/block/sdb/device/delete; dd if=/dev/urandom of=/tank/more bs=1M count=5 conv=fsync status=none; sleep 3' : 'zpool offline -f tank sdb');
    await host.start('little-load', 'while :; do dd if=/dev/urandom of=/tank/log bs=4k count=20 conv=fsync 2>/dev/null; sleep 2; done');
  },
  check: async (host) => {
    const state = (await host.run('zpool list -H -o health tank')).trim();
    return state === 'DEGRADED' ? undefined : `the pool is ${state}`;
  },
  truth: { first: ['zpool-degraded'], allowed: ['disk-failing', 'disk-io-errors'], symptoms: ['redundancy-lost'], objects: { 'zpool-degraded': 'tank' }, never: ['disk-slow'] },
});
