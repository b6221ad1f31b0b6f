import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'get-more-processor-time',
  title: 'Ask for more processor time below: fewer neighbours, more CPU shares, another host',
  risk: 'low',
  riskSays: 'Moving the machine may need a restart.',
  preconditions: ['This machine is virtual, and somebody runs the one below.'],
  commands: [['vmstat', '1', '10']],
  verify: 'The column `st` of vmstat stays below 5.',
  undo: 'Nothing to undo.',
});
