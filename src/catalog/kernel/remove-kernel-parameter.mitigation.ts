import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'remove-kernel-parameter',
  title: 'Take the parameter off the kernel command line, and reboot',
  risk: 'medium',
  riskSays: 'All guests stop for the reboot; a mistake in the file may keep the host from booting.',
  preconditions: ['It is known why the parameter was set.', 'The console can be reached.'],
  commands: [
    ['editor', '</etc/default/grub or /etc/kernel/cmdline>'],
    ['<update-grub or proxmox-boot-tool refresh>'],
    ['reboot'],
  ],
  verify: '`cat /proc/cmdline` no longer shows the parameter.',
  undo: 'Write the parameter into the same file again, run the same command, and reboot.',
});
