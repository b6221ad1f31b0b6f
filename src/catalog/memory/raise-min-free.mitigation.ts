import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'raise-min-free',
  title: 'Join free memory, and keep more of it free',
  risk: 'medium',
  riskSays: 'Joining memory takes processor time for some seconds; what is kept free is not there for programs, and more than some percent of the memory makes the kernel kill processes.',
  preconditions: [],
  commands: [['sh', '-c', 'echo 1 > /proc/sys/vm/compact_memory'], ['sysctl', '-w', 'vm.min_free_kbytes=<KiB>']],
  verify: '/proc/buddyinfo shows free blocks in the fourth column and beyond for the zone Normal, and no allocation failure is logged any more.',
  undo: 'Set vm.min_free_kbytes to its former value.',
});
