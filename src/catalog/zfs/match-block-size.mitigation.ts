import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'match-block-size',
  title: 'Give the data blocks of the size that it is written in',
  risk: 'medium',
  riskSays: 'The block size of a volume is fixed: its data is copied, which loads the pool for that time.',
  preconditions: ['There is room for a second copy while a volume is moved.', 'A verified backup exists.'],
  commands: [
    ['pvesm', 'set', '<storage>', '--blocksize', '64k'],
    ['qm', 'disk', 'move', '<vmid>', '<disk>', '<storage>'],
    ['zfs', 'set', 'recordsize=<16K for databases>', '<dataset>'],
  ],
  verify: '`zpool iostat -v <pool> 10` shows the disks write less for the same work of the guests. A new recordsize holds for files that are written from then on.',
  undo: 'Set the former values, and move the disks back.',
});
