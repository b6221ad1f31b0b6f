import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'spread-the-load',
  title: 'Move guests to another host, or limit what uses the processors',
  risk: 'low',
  riskSays: 'A limited guest gets slower; moving a guest loads the network.',
  preconditions: ['It is known which guest or process uses the processors.'],
  commands: [
    ['qm', 'migrate', '<vmid>', '<other node>', '--online'],
    ['qm', 'set', '<vmid>', '--cpulimit', '<cores>'],
    ['pct', 'set', '<ctid>', '--cpulimit', '<cores>'],
  ],
  verify: 'The pressure in /proc/pressure/cpu and the load average go down within a few minutes.',
  undo: 'Move the guest back, or set the former limit (0: none).',
});
