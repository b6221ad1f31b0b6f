import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'enable-write-cache',
  title: 'Switch the write cache of the disk on',
  risk: 'low',
  riskSays: 'File systems and ZFS flush the cache when it matters; hardware below them that ignores flushes would lose data when power fails.',
  preconditions: ['The disk hangs on a plain controller (HBA or chipset), not on a RAID controller that manages its cache.', 'Nobody switched it off on purpose: look in /etc/hdparm.conf and in udev rules.'],
  commands: [['hdparm', '-W', '1', '/dev/<disk>']],
  verify: '`cat /sys/block/<disk>/queue/write_cache` says "write back", and writes are as quick as on its siblings.',
  undo: '`hdparm -W 0 /dev/<disk>`.',
});
