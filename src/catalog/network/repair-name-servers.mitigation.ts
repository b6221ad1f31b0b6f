import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'repair-name-servers',
  title: 'Put name servers that answer into the configuration',
  risk: 'low',
  riskSays: 'A wrong entry makes every lookup slow.',
  preconditions: [
    'It has been tried from another machine which server answers.',
  ],
  commands: [
    ['resolvectl', 'status'],
    ['getent', 'ahosts', '<name>'],
  ],
  verify: '`getent ahosts <name>` answers within a second.',
  undo: 'Restore the former /etc/resolv.conf.',
});
