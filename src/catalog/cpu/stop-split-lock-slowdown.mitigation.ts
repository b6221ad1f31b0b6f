import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'stop-split-lock-slowdown',
  title: 'Stop slowing down programs that use split locks',
  risk: 'low',
  riskSays: 'A guest that uses very many split locks can then slow down all others a little.',
  preconditions: ['The guests are trusted.'],
  commands: [['sysctl', '-w', 'kernel.split_lock_mitigate=0']],
  verify: 'The guest is quick again at once.',
  undo: '`sysctl -w kernel.split_lock_mitigate=1`; to keep the setting over a reboot, write it to a file in /etc/sysctl.d.',
});
