import { defineScenario } from '../../define.ts';
import { mechanicalDisk } from '../disk/disks.ts';

export default defineScenario<{ readonly how: (disk: string) => string }>({
  name: 'zpool-spare-unavailable',
  subject: 'zfs',
  kind: 'fault',
  why: 'The hot spare of a mirror has gone, or somebody has used its disk for something else; the pool itself is whole and quick. The next failed member will not be replaced by itself, which is only seen by who looks: it is not healthy.',
  weight: 'light',
  variants: {
    'spare-vanished': { how: (disk) => `echo 1 >/sys/block/${disk}/device/delete` },
    'spare-overwritten': { how: (disk) => `wipefs -qaf /dev/${disk}1 /dev/${disk}9 /dev/${disk}; mkfs.ext4 -qF /dev/${disk}; dd if=/dev/zero of=/dev/${disk} bs=1M seek=1000 count=24 conv=fsync status=none` },
  },
  inject: async (host, { how }) => {
    const spare = await host.addDisk(mechanicalDisk('WDS0001'));
    await host.run(
      `zpool create -f -O compression=off tank mirror /dev/vdb /dev/vdc spare ${spare}; head -c 30000000 /dev/urandom >/tank/archive
       zpool export tank; ${how(spare.slice(5))}; udevadm settle -t 20; zpool import tank`,
      { timeoutSeconds: 180 },
    );
    await host.start('little-load', 'while :; do dd if=/dev/urandom of=/tank/log bs=4k count=20 conv=fsync 2>/dev/null; sleep 2; done');
  },
  check: async (host) => {
    const text = await host.run('zpool status tank');
    return /ONLINE[\s\S]*spares\s+\S+\s+(?:UNAVAIL|FAULTED|REMOVED)/.test(text) ? undefined : text;
  },
  truth: { first: ['zpool-spare-unavailable'], objects: { 'zpool-spare-unavailable': 'tank' }, symptoms: ['redundancy-lost'], never: ['zpool-degraded', 'disk-failing'] },
});
