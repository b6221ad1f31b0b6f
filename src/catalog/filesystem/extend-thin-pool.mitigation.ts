import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'extend-thin-pool',
  title: 'Give the thin pool more room for data and metadata',
  risk: 'medium',
  riskSays: 'A thin pool cannot be made smaller again.',
  preconditions: [
    'The volume group has free space (`vgs`), or a further disk is added to it.',
    'No guest is started before the pool has room.',
  ],
  commands: [
    ['vgs', '<volume group>'],
    ['lvextend', '-L', '+<size>G', '<volume group>/<pool>'],
    ['lvextend', '--poolmetadatasize', '+1G', '<volume group>/<pool>'],
    ['qm', 'guest', 'cmd', '<vmid>', 'fstrim'],
  ],
  verify: '`lvs -a <volume group>` shows less than 80 % for data and for metadata, and guests write again.',
  undo: 'None: what was added stays. Trimming the guests or moving a disk away frees room instead.',
});
