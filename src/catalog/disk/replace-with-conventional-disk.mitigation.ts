import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'replace-with-conventional-disk',
  title: 'Replace the shingled disk by a conventional one',
  risk: 'medium',
  riskSays: 'The rebuild reads the other disks from end to end; it takes very long if those are shingled as well.',
  preconditions: ['A recent backup exists off this host and has been verified.', 'The maker states that the new model records conventionally (CMR).', 'Where the host boots from this pool: the new disk is partitioned like the old one first, its ZFS partition is named in the command, and the boot loader is put on it (`proxmox-boot-tool init`).'],
  commands: [['zpool', 'replace', '<pool>', '<old disk as zpool status names it>', '/dev/disk/by-id/<new disk>']],
  verify: 'The rebuild ends without errors, and long writes keep their speed: `zpool iostat -vl 5`.',
  undo: '`zpool detach <pool> <new disk>` ends a replacement that is under way.',
});
