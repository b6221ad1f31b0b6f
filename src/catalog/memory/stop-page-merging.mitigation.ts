import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'stop-page-merging',
  title: 'Stop merging equal pages',
  risk: 'medium',
  riskSays: 'Merged pages are copied apart again, which needs as much memory as merging saved: without it guests are swapped out or killed.',
  preconditions: ['As much memory is available as `pages_sharing` times 4 KiB, for instance after a guest was moved or stopped.'],
  commands: [
    ['cat', '/sys/kernel/mm/ksm/pages_sharing'],
    ['systemctl', 'disable', '--now', 'ksmtuned'],
    ['sh', '-c', 'echo 2 > /sys/kernel/mm/ksm/run'],
  ],
  verify: '`ksmd` uses no processor time, and `pages_sharing` falls to 0.',
  undo: '`systemctl enable --now ksmtuned`.',
});
