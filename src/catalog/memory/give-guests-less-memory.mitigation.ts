import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'give-guests-less-memory',
  title: 'Give the guests less memory, stop one, or move one to another host',
  risk: 'low',
  riskSays: 'A guest that gets less memory than it needs becomes slow itself. A VM takes the new amount with its next start, a container at once.',
  preconditions: ['It is known which guest can do with less, or can be stopped or moved.'],
  commands: [
    ['qm', 'set', '<id>', '--memory', '<MiB>'],
    ['pct', 'set', '<id>', '--memory', '<MiB>'],
    ['qm', 'migrate', '<id>', '<node>', '--online'],
  ],
  verify: '`free -m` shows available memory again, and /proc/pressure/memory stays near 0.',
  undo: 'Set the former amount again.',
});
