import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'replace-spare',
  title: 'Take the unusable spare out of the pool and give it a good one',
  risk: 'low',
  riskSays: 'Only the entry of the spare changes; naming a wrong disk as the new spare would overwrite it.',
  preconditions: ['The new disk is at least as large as the smallest member, and empty.'],
  commands: [
    ['zpool', 'remove', '<pool>', '<old spare>'],
    ['zpool', 'add', '<pool>', 'spare', '/dev/disk/by-id/<new disk>'],
  ],
  verify: '`zpool status <pool>` shows the new spare as AVAIL.',
  undo: '`zpool remove <pool> <new spare>`.',
});
