import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'keep-crash-evidence',
  title: 'Keep the kernel log, then plan a reboot',
  risk: 'medium',
  riskSays: 'What the broken part of the kernel held stays locked until the reboot; a normal shutdown may hang.',
  preconditions: ['Guests that still work can be moved or shut down first.'],
  commands: [['dmesg', '-T'], ['journalctl', '-k', '-b', '-o', 'short-iso-precise'], ['reboot']],
  verify: 'After the reboot the kernel log stays free of the error.',
  undo: 'Nothing to undo.',
});
