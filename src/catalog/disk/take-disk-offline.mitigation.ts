import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'take-disk-offline',
  title: 'Take the disk out of use until it is replaced',
  risk: 'medium',
  riskSays: 'The mirror or RAIDZ has one disk less to lose meanwhile.',
  preconditions: ['The disk has redundancy: `zpool status` shows all other members of its mirror or RAIDZ ONLINE and without errors.', 'A recent backup exists off this host and has been verified.'],
  commands: [['zpool', 'offline', '<pool>', '<disk as zpool status names it>']],
  verify: 'Latency falls at once: `zpool iostat -vl 5`. If it does not, the disk was not what slowed the pool down.',
  undo: '`zpool online <pool> <disk>`: ZFS copies only what it missed.',
});
