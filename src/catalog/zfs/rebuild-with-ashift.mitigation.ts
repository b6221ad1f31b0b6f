import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'rebuild-with-ashift',
  title: 'Make the pool anew with ashift 12 and restore its data',
  risk: 'high',
  riskSays: 'The pool is destroyed on the way; only a verified copy brings the data back.',
  preconditions: ['A complete backup exists off this host and restoring from it has been tried.'],
  commands: [['zpool', 'create', '-o', 'ashift=12', '<new pool>', '<layout and devices>'], ['zfs', 'send', '-R', '<old pool>@<snapshot>']],
  verify: '`zpool status` no longer mentions a block size, and small synchronous writes are faster.',
  undo: 'None: keep the old disks until the new pool is proven.',
});
