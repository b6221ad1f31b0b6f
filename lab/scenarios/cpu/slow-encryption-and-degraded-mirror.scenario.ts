import { defineScenario } from '../../define.ts';
import { mechanicalDisk } from '../disk/disks.ts';
import { encryptsSlowly, makeGuestPool, startCopy, startGuests } from './guest-pool.ts';

interface Variant {
  readonly how: string;
  readonly writers: 'guests' | 'copy';
}

export default defineScenario<Variant>({
  name: 'slow-encryption-and-degraded-mirror',
  subject: 'cpu',
  kind: 'double',
  why: 'Two faults at once: the kernel no longer tells ZFS that AVX may be used, so that everything on the encrypted mirror is slow, and one half of that mirror is gone. The lost disk is not why it is slow, but it must be said as well: the data has no second copy.',
  family: 'zfs-crypto-bits',
  weight: 'heavy',
  variants: {
    'disk-faulted': { how: 'zpool offline -f tank sdb', writers: 'guests' },
    'disk-vanishes': { how: 'echo 1 >/sys/block/sdb/device/delete', writers: 'copy' },
  },
  beforeZfs: async (host) => void (await host.run('modprobe labcpu bits=155')),
  inject: async (host, { how, writers }) => {
    const disks = [await host.addDisk(mechanicalDisk('WDM0001', 2048)), await host.addDisk(mechanicalDisk('WDM0002', 2048))];
    await makeGuestPool(host, { layout: `mirror ${disks.join(' ')}`, cipher: 'aes-256-gcm' });
    if (writers === 'guests') await startGuests(host);
    else await startCopy(host);
    await host.wait(5);
    await host.run(how);
  },
  settleSeconds: 20,
  check: async (host) => {
    const state = (await host.run('zpool list -H -o health tank')).trim();
    return state === 'DEGRADED' ? encryptsSlowly(host) : `the pool is ${state}`;
  },
  truth: {
    first: ['zfs-crypto-unaccelerated', 'zpool-degraded'],
    among: ['zfs-crypto-unaccelerated', 'zpool-degraded'],
    allowed: ['zfs-txg-stalled', 'cpu-saturated', 'hung-tasks', 'disk-failing', 'disk-io-errors'],
    symptoms: ['io-delay', 'redundancy-lost'],
    never: ['disk-slow', 'kernel-regression', 'iowait-meter-wrong'],
  },
});
