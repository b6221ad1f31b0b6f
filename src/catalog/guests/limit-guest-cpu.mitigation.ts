import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'limit-guest-cpu',
  title: 'Give the guest a smaller share of the processors, or move it',
  risk: 'low',
  riskSays: 'What the guest computes takes longer.',
  preconditions: ['It is known what the guest does and that it may take longer.'],
  commands: [
    ['qm', 'set', '<id>', '--cpuunits', '50'],
    ['qm', 'set', '<id>', '--cpulimit', '<CPUs>'],
    ['pct', 'set', '<id>', '--cpulimit', '<CPUs>'],
    ['qm', 'migrate', '<id>', '<node>', '--online'],
  ],
  verify: '`cpu.pressure` of the other guests falls within a minute.',
  undo: 'Set the former values again; `--delete cpulimit` removes the limit.',
});
