import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'let-resilver-finish',
  title: 'Let it finish, and keep other load away meanwhile',
  risk: 'none',
  riskSays: 'Waiting changes nothing on the host.',
  preconditions: ['A recent backup exists off this host.'],
  commands: [['zpool', 'status', '<pool>']],
  verify: '`zpool status <pool>` says "resilvered … with 0 errors".',
  undo: 'None needed.',
});
