import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'reboot-in-a-window',
  title: 'Reboot in a maintenance window',
  risk: 'medium',
  riskSays: 'All guests stop for the reboot.',
  preconditions: ['Guests are moved away or may stop.', 'Keys that are typed in at boot are at hand, and the console can be reached.', 'A pool that needs attention is healthy again.'],
  commands: [['reboot']],
  verify: '`uname -r` names the newest installed kernel, or the pinned one.',
  undo: 'Choose the former kernel in the boot menu.',
});
