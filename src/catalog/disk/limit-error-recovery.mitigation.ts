import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'limit-error-recovery',
  title: 'Let the disk give up bad sectors after seven seconds',
  risk: 'low',
  riskSays: 'Without redundancy a sector that the disk would have read in the end is lost.',
  preconditions: ['The disk is part of a mirror or RAIDZ, so that the other copy can answer.', 'It supports the setting: `smartctl -l scterc /dev/<disk>`.'],
  commands: [['smartctl', '-l', 'scterc,70,70', '/dev/<disk>']],
  verify: '`smartctl -l scterc /dev/<disk>` shows 7.0 seconds for reads and writes. Most disks forget it when power goes: set it at each boot.',
  undo: '`smartctl -l scterc,0,0 /dev/<disk>`.',
});
