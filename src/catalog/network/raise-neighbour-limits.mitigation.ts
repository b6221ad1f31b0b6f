import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'raise-neighbour-limits',
  title: 'Raise the limits of the neighbour table',
  risk: 'low',
  riskSays: 'The table takes some more memory.',
  preconditions: [],
  commands: [
    ['sysctl', '-w', 'net.ipv4.neigh.default.gc_thresh1=4096'],
    ['sysctl', '-w', 'net.ipv4.neigh.default.gc_thresh2=8192'],
    ['sysctl', '-w', 'net.ipv4.neigh.default.gc_thresh3=16384'],
  ],
  verify: '`ip -s neigh | wc -l` stays well below the third value, and the kernel log names no further overflow.',
  undo: 'Set the former values (128, 512, 1024 by default) with the same commands.',
});
