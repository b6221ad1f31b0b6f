import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'clear-suspended-pool',
  title: 'Bring the devices back, then let the pool go on',
  risk: 'medium',
  riskSays: 'If devices are not really back, the pool suspends itself again.',
  preconditions: ['The missing devices answer again: `lsblk` and the kernel log show them.'],
  commands: [['zpool', 'clear', '<pool>'], ['zpool', 'scrub', '<pool>']],
  verify: '`cat /proc/spl/kstat/zfs/<pool>/state` says ONLINE, and the scrub ends with 0 errors.',
  undo: 'None needed.',
});
