import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'lower-swappiness',
  title: 'Make the kernel swap guests out later',
  risk: 'none',
  riskSays: 'The kernel gives up page cache before it swaps programs.',
  preconditions: [],
  commands: [['sysctl', '-w', 'vm.swappiness=10'], ['sh', '-c', 'echo vm.swappiness=10 > /etc/sysctl.d/80-swappiness.conf']],
  verify: '`vmstat 5` shows 0 under `si` and `so`.',
  undo: 'Remove the file and set the former value, by default 60.',
});
