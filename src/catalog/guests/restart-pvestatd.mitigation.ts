import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'restart-pvestatd',
  title: 'Take away what the status daemon waits for, then restart it',
  risk: 'low',
  riskSays: 'None for the guests. A process in state D does not end until what it waits for answers.',
  preconditions: ['It is known which storage it waits for: the one that is missing in the reports.'],
  commands: [
    ['pvesm', 'set', '<storage>', '--disable', '1'],
    ['systemctl', 'restart', 'pvestatd'],
  ],
  verify: 'The grey question marks go within half a minute.',
  undo: '`pvesm set <storage> --disable 0`.',
});
