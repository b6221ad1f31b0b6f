import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'use-disk-with-power-loss-protection',
  title: 'Use a solid-state disk with power-loss protection for synchronous writes',
  risk: 'medium',
  riskSays: 'A log device that fails together with the host can cost the last seconds of writes: mirror it.',
  preconditions: ['A recent backup exists off this host and has been verified.', 'The data sheet of the new disk names power-loss protection; consumer models rarely have it.'],
  commands: [['zpool', 'add', '<pool>', 'log', 'mirror', '/dev/disk/by-id/<disk 1>', '/dev/disk/by-id/<disk 2>']],
  verify: '`iostat -x 5` shows f_await (time of a flush) below 1 ms, or `zpool iostat -l 5` short waits of synchronous writes.',
  undo: '`zpool remove <pool> <log vdev>`: log devices can be taken away at any time.',
});
