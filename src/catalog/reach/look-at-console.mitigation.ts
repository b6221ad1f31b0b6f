import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'look-at-console',
  title: 'Look at the host through its management controller or its screen',
  risk: 'none',
  riskSays: 'Looking changes nothing. A reset does: it loses what was not written, and the trace of what happened.',
  preconditions: [
    'Before any reset, the screen is photographed.',
  ],
  commands: [
    ['ipmitool', '-I', 'lanplus', '-H', '<bmc>', '-U', '<user>', '-a', 'chassis', 'power', 'status'],
    ['ipmitool', '-I', 'lanplus', '-H', '<bmc>', '-U', '<user>', '-a', 'sel', 'list'],
    ['ipmitool', '-I', 'lanplus', '-H', '<bmc>', '-U', '<user>', '-a', 'sol', 'activate'],
  ],
  verify: 'ssh answers.',
  undo: 'Nothing to undo.',
});
