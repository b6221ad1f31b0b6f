import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'import-pool',
  title: 'Import the pool, and make sure that it is imported at the next boot',
  risk: 'low',
  riskSays: 'Importing with -f a pool that another host uses at the same time destroys it.',
  preconditions: ['All of its disks are there.', 'No other host has it imported.'],
  commands: [
    ['zpool', 'import'],
    ['zpool', 'import', '<pool>'],
    ['zpool', 'set', 'cachefile=/etc/zfs/zpool.cache', '<pool>'],
    ['systemctl', 'enable', 'zfs-import@<pool>.service'],
  ],
  verify: '`zpool list` shows the pool, and after the next reboot as well.',
  undo: '`zpool export <pool>`.',
});
