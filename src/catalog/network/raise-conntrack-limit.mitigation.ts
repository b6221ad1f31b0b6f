import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'raise-conntrack-limit',
  title: 'Find who opens so many connections, and raise the limit',
  risk: 'low',
  riskSays: 'Each tracked connection takes about 300 bytes of memory.',
  preconditions: [],
  commands: [
    ['conntrack', '-L', '-o', 'extended'],
    ['sysctl', '-w', 'net.netfilter.nf_conntrack_max=<twice the value>'],
  ],
  verify: '`nf_conntrack_count` stays well below `nf_conntrack_max`. To keep it: `nf_conntrack_max` in the host\'s firewall options, or a file in /etc/sysctl.d.',
  undo: 'Set the former value with the same command.',
});
