import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'find-checksum-source',
  title: 'Find where the wrong data comes from, and repair what can be repaired',
  risk: 'low',
  riskSays: 'The scrub loads the disks for hours.',
  preconditions: ['A recent backup exists off this host and has been verified.'],
  commands: [
    ['zpool', 'status', '-v', '<pool>'],
    ['smartctl', '-x', '/dev/disk/by-id/<disk>'],
    ['zpool', 'clear', '<pool>'],
    ['zpool', 'scrub', '<pool>'],
  ],
  verify: 'After other cables, or another disk, the scrub finds nothing and the counters stay at 0 for some weeks.',
  undo: 'A scrub is stopped by `zpool scrub -s <pool>`.',
});
