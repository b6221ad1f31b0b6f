import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'install-microcode',
  title: 'Install current microcode, and reboot',
  risk: 'medium',
  riskSays: 'All guests stop for the reboot, and new microcode may switch on mitigations that cost some speed.',
  preconditions: ['The component `non-free-firmware` is among the package sources (Debian 12 and later).', 'Guests can be stopped or moved, and keys that are typed in at boot are at hand.'],
  commands: [
    ['apt', 'update'],
    ['apt', 'install', '<intel-microcode or amd64-microcode>'],
    ['reboot'],
  ],
  verify: '`grep -m1 microcode /proc/cpuinfo` shows the newer revision, and the files in /sys/devices/system/cpu/vulnerabilities no longer speak of missing microcode.',
  undo: 'Remove the package, run `update-initramfs -u -k all`, and reboot: the revision of the firmware is in use again.',
});
