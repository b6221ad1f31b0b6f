import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'align-mtu',
  title: 'Set the same MTU along the whole way',
  risk: 'medium',
  riskSays: 'Connections through the interface stall for a moment, and a wrong value cuts the host off.',
  preconditions: [
    'The MTU that the switches allow is known.',
    'The host stays reachable by another way, or its console is at hand.',
  ],
  commands: [
    ['ip', '-d', 'link', 'show'],
    ['ping', '-M', 'do', '-s', '<mtu minus 28>', '<peer>'],
    ['ip', 'link', 'set', 'dev', '<interface>', 'mtu', '<mtu>'],
  ],
  verify: '`ping -M do -s <mtu minus 28> <peer>` is answered in both directions. To keep it: `mtu` in /etc/network/interfaces.',
  undo: 'Set the former value with the same command.',
});
