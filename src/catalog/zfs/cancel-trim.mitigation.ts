import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'cancel-trim',
  title: 'Suspend the TRIM, and let it go on at night and more slowly',
  risk: 'none',
  riskSays: 'Freed blocks stay known to the disks as used for some hours longer.',
  preconditions: [],
  commands: [
    ['zpool', 'trim', '-s', '<pool>'],
    ['zpool', 'trim', '-r', '<bytes per second>', '<pool>'],
    ['zpool', 'set', 'autotrim=off', '<pool>'],
  ],
  verify: 'Waiting for the disks goes down within seconds; `zpool status -t <pool>` shows "suspended".',
  undo: '`zpool trim <pool>` goes on where it stopped; `zpool set autotrim=on <pool>`.',
});
