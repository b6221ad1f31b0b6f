import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'raise-dataset-quota',
  title: 'Raise the quota of the dataset, or free space in it',
  risk: 'low',
  riskSays: 'The pool fills sooner; old snapshots that are destroyed cannot be brought back.',
  preconditions: ['The pool has room for more.'],
  commands: [
    ['pct', 'resize', '<container>', 'rootfs', '+<GiB>G'],
    ['zfs', 'set', 'refquota=<size>', '<dataset>'],
    ['zfs', 'set', 'quota=<size>', '<dataset>'],
    ['zfs', 'list', '-o', 'space', '<dataset>'],
  ],
  verify: '`zfs list -o name,avail,quota,refquota <dataset>` shows room, and writing works again.',
  undo: 'Set the former value: a limit below what is used only stops new writes.',
});
