import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'move-swap-off-zvol',
  title: 'Swap to a partition or to compressed memory instead of a zvol',
  risk: 'medium',
  riskSays: 'Switching swap off needs as much available memory as is in swap; without it processes are killed.',
  preconditions: ['`free -m` shows more available memory than swap in use.', 'The partition is unused: `mkswap` overwrites what is on it (`lsblk -f <partition>` shows nothing).'],
  commands: [
    ['swapoff', '/dev/zvol/<pool>/<swap>'],
    ['sed', '-i', 's|^/dev/zvol/|#&|', '/etc/fstab'],
    ['mkswap', '<partition>'],
    ['swapon', '<partition>'],
  ],
  verify: '/proc/swaps names no zd device.',
  undo: 'Run `swapon /dev/zvol/<pool>/<swap>` and take the mark out of /etc/fstab.',
});
