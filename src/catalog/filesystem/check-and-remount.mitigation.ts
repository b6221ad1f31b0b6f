import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'check-and-remount',
  title: 'Find out what the disk below reported, check the file system unmounted, and mount it again',
  risk: 'high',
  riskSays: 'A repair can lose files, and on a failing disk it makes the loss larger.',
  preconditions: [
    'A copy or a verified backup of the data exists.',
    'The disk below is healthy (`smartctl -a`), or has been replaced.',
    'The file system is unmounted; for the root file system: a rescue system is booted.',
  ],
  commands: [
    ['dmesg', '--level=err,warn'],
    ['smartctl', '-a', '<disk>'],
    ['fsck', '-n', '<device>'],
  ],
  verify: '`findmnt <mount point>` shows `rw`, and the kernel log has no new errors of this file system.',
  undo: '`fsck -n` changes nothing. A repair cannot be undone.',
});
