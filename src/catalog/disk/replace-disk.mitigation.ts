import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'replace-disk',
  title: 'Replace the disk',
  risk: 'medium',
  riskSays: 'The other disks of the mirror or RAIDZ are read from end to end, and one that is weak as well may show it only then; pulling the wrong disk costs the redundancy.',
  preconditions: [
    'A recent backup exists off this host and has been verified.',
    'The disk has been identified by its serial number, not by its kernel name, and the label on the disk says the same.',
    'The new disk is at least as large, and no shingled (SMR) model.',
    'Where the host boots from this pool: the new disk is partitioned like the old one first, its ZFS partition is named in the command, and the boot loader is put on it (`proxmox-boot-tool init`).',
  ],
  commands: [
    ['ls', '-l', '/dev/disk/by-id'],
    ['zpool', 'replace', '<pool>', '<old disk as zpool status names it>', '/dev/disk/by-id/<new disk>'],
    ['zpool', 'status', '-v', '<pool>'],
  ],
  verify: '`zpool status` (for software RAID `cat /proc/mdstat`) shows the rebuild done without errors, and the pool ONLINE.',
  undo: 'Until the old disk is wiped, it can be put back: `zpool detach <pool> <new disk>` ends a replacement that is under way.',
});
