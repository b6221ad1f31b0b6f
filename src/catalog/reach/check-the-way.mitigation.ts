import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'check-the-way',
  title: 'Check the way to the host, from both ends',
  risk: 'none',
  riskSays: 'Reading and a few packets only.',
  preconditions: [],
  commands: [
    ['ip', 'route', 'get', '<address>'],
    ['mtr', '-n', '-c', '20', '<address>'],
    ['ssh', '<another host of the same network>'],
  ],
  verify: '`ping <address>` answers.',
  undo: 'Nothing to undo.',
});
