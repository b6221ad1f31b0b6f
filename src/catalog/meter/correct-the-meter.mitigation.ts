import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'correct-the-meter',
  title: 'Update QEMU and the kernel, restart the guests, and judge by latency until then',
  risk: 'low',
  riskSays: 'Each guest has to be stopped and started once, or moved to another host and back: a reboot from inside keeps the old QEMU.',
  preconditions: ['A timed write through the affected storage is quick.'],
  commands: [['apt', 'update'], ['apt', 'full-upgrade'], ['qm', 'shutdown', '<vmid>'], ['qm', 'start', '<vmid>']],
  verify: '/proc/pressure/io and the IO delay go down to what the disks do.',
  undo: 'Nothing to undo.',
});
