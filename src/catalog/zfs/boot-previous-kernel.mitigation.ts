import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'boot-previous-kernel',
  title: 'Boot the kernel that ran before, and pin it until a fixed one is out',
  risk: 'medium',
  riskSays: 'All guests stop for the reboot, and the older kernel lacks later security fixes.',
  preconditions: [
    'A recent backup of the guests exists off this host and has been verified.',
    'Encryption keys that are typed in at boot are at hand, and the console can be reached.',
    'The pool has not been upgraded to features that the older ZFS does not know (`zpool get all <pool>`).',
  ],
  commands: [
    ['proxmox-boot-tool', 'kernel', 'list'],
    ['proxmox-boot-tool', 'kernel', 'pin', '<version that was good>', '--next-boot'],
    ['reboot'],
  ],
  verify: 'After the reboot, `uname -r` names the older kernel, and the sign that convicted the newer one is gone.',
  undo: '`--next-boot` pins for one boot only: reboot again. A lasting pin is taken back by `proxmox-boot-tool kernel unpin`.',
});
