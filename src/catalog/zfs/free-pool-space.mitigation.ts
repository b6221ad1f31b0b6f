import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'free-pool-space',
  title: 'Free space in the pool, or add disks to it',
  risk: 'medium',
  riskSays: 'Destroyed snapshots and datasets do not come back, and an added vdev can often not be removed.',
  preconditions: ['What is deleted is not needed, or exists elsewhere: check twice.'],
  commands: [
    ['zfs', 'list', '-o', 'space', '-s', 'used', '-r', '<pool>'],
    ['zfs', 'list', '-t', 'snapshot', '-o', 'name,used,creation', '-s', 'used', '-r', '<dataset>'],
    ['zfs', 'destroy', '-nv', '<dataset>@<snapshot>'],
  ],
  verify: '`zpool list` shows less than 80 %.',
  undo: 'None. That is why the command above only shows what it would destroy (`-n`).',
});
