import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'give-guest-fixed-memory',
  title: 'Give the guest fixed memory',
  risk: 'low',
  riskSays: 'The host can no longer take memory back from this guest, so others may have to give more.',
  preconditions: ['The memory of all guests together fits into the host.'],
  commands: [
    ['qm', 'set', '<id>', '--balloon', '0'],
    ['qm', 'set', '<id>', '--balloon', '<MiB, the same as its memory>'],
  ],
  verify: 'Inside the guest the full memory shows after its next start, and it no longer swaps.',
  undo: '`qm set <id> --balloon <former minimum in MiB>`.',
});
