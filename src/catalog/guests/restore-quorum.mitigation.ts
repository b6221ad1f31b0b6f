import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'restore-quorum',
  title: 'Bring the other nodes or the links between them back',
  risk: 'medium',
  riskSays: 'To lower the number of expected votes while the others are alive makes two halves of a cluster that both write; the same guest can then run twice.',
  preconditions: ['Look at the other nodes first: are they off, or do they only not hear this one?'],
  commands: [
    ['pvecm', 'status'],
    ['corosync-cfgtool', '-s'],
    ['journalctl', '-u', 'corosync', '-n', '100'],
    ['pvecm', 'expected', '<votes, only when the other nodes are certainly off>'],
  ],
  verify: '`pvecm status` says `Quorate: Yes`.',
  undo: 'The expected votes return by themselves when the other nodes do.',
});
