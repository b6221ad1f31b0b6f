import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'update-kernel',
  title: 'Update the kernel, and reboot into it',
  risk: 'medium',
  riskSays: 'All guests stop for the reboot, and a newer kernel may bring troubles of its own.',
  preconditions: ['A recent backup of the guests exists off this host and has been verified.', 'The kernel that ran so far stays installed, to go back to.'],
  commands: [['apt', 'update'], ['apt', 'full-upgrade'], ['reboot']],
  verify: '`uname -r` names the new kernel, and the trouble does not come back.',
  undo: 'Choose the former kernel in the boot menu, or pin it: `proxmox-boot-tool kernel pin <version>`.',
});
