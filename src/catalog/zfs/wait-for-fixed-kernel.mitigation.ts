import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'wait-for-fixed-kernel',
  title: 'Install a kernel that has the fix, and reboot into it',
  risk: 'low',
  riskSays: 'All guests stop for the reboot.',
  preconditions: ['A recent backup of the guests exists off this host and has been verified.'],
  commands: [['apt-get', 'update'], ['apt-get', 'dist-upgrade'], ['reboot']],
  verify: 'After the reboot `uname -r` names the new kernel, and the sign that convicted the old one is gone.',
  undo: 'Boot the older kernel from the boot menu.',
});
