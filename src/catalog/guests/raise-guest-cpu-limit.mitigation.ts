import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'raise-guest-cpu-limit',
  title: 'Raise or remove the CPU limit of the guest',
  risk: 'low',
  riskSays: 'The guest may then take processor time from others; a weight (cpuunits) shares it more fairly than a limit.',
  preconditions: ['The host has processor time to spare.'],
  commands: [
    ['qm', 'set', '<id>', '--cpulimit', '<CPUs>'],
    ['pct', 'set', '<id>', '--cpulimit', '<CPUs>'],
    ['qm', 'set', '<id>', '--delete', 'cpulimit'],
  ],
  verify: '`nr_throttled` in the guest’s `cpu.stat` no longer grows.',
  undo: 'Set the former limit again.',
});
