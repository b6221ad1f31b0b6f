import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'find-address-rival',
  title: 'Find the other machine by its hardware address, and give one of the two another address',
  risk: 'medium',
  riskSays: 'A host whose address changes has to be found again by monitoring, cluster and backups.',
  preconditions: ['It is known which of the two has the address by right.', 'The console of the host can be reached.'],
  commands: [
    ['arping', '-D', '-c', '3', '-I', '<interface>', '<address>'],
    ['bridge', 'fdb', 'show'],
    ['grep', '-ri', '<hardware-address>', '/etc/pve/nodes'],
  ],
  verify: '`arping -D -c 3 -I <interface> <address>` gets no answer.',
  undo: 'Give the former address back.',
});
