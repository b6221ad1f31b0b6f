import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'replace-pool-member',
  title: 'Bring the device back, or replace it and let the pool resilver',
  risk: 'medium',
  riskSays: 'Pulling the wrong disk can take the pool down, and resilvering loads the remaining disks.',
  preconditions: [
    'A recent backup exists off this host and has been verified.',
    'The disk has been found by its serial number, not by its letter.',
    'The new disk is at least as large as the old one.',
    'Where the host boots from this pool: the new disk is partitioned like the old one first, its ZFS partition is named in the command, and the boot loader is put on it (`proxmox-boot-tool init`).',
  ],
  commands: [
    ['zpool', 'status', '-P', '<pool>'],
    ['zpool', 'online', '<pool>', '<device>'],
    ['zpool', 'replace', '<pool>', '<old device>', '/dev/disk/by-id/<new disk>'],
  ],
  verify: '`zpool status <pool>` says ONLINE, and the resilver ended with 0 errors.',
  undo: 'A replacement that still runs is taken back by `zpool detach <pool> <new device>`.',
});
