import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'add-log-device',
  title: 'Add a log device for synchronous writes',
  risk: 'low',
  riskSays: 'A log device can be taken out again; a disk without power-loss protection makes synchronous writes slower, not faster.',
  preconditions: ['Two solid-state disks with power-loss protection, or partitions of some GB on them, are free.'],
  commands: [['zpool', 'add', '<pool>', 'log', 'mirror', '/dev/disk/by-id/<first>', '/dev/disk/by-id/<second>']],
  verify: '`zpool iostat -v <pool> 10` shows writes on the log devices, and fewer on the others.',
  undo: '`zpool remove <pool> mirror-<number>` as `zpool status` names it.',
});
