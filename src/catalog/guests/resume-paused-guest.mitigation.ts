import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'resume-paused-guest',
  title: 'Make room or bring the disk back, then let the guest go on',
  risk: 'low',
  riskSays: 'A guest that is resumed while there is still no room pauses again at once; nothing is lost by that.',
  preconditions: ['The storage has room again, or its disk answers again.'],
  commands: [
    ['qm', 'status', '<id>', '--verbose'],
    ['qm', 'resume', '<id>'],
    ['virsh', 'resume', '<domain>'],
  ],
  verify: '`qm status <id> --verbose` says `qmpstatus: running`, and the guest answers.',
  undo: 'There is nothing to undo.',
});
