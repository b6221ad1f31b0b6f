import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'correct-the-name',
  title: 'Correct the name, or the name server that should know it',
  risk: 'none',
  riskSays: 'Looking up changes nothing.',
  preconditions: [],
  commands: [
    ['getent', 'ahosts', '<name>'],
    ['ssh', '-G', '<name>'],
  ],
  verify: '`getent ahosts <name>` gives the address of the host.',
  undo: 'Nothing to undo.',
});
