import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'find-lossy-link',
  title: 'Find the link on the way that loses packets',
  risk: 'none',
  riskSays: 'Reading and a few packets only.',
  preconditions: [],
  commands: [
    ['tc', '-s', 'qdisc', 'show'],
    ['ip', '-s', 'link'],
    ['mtr', '-n', '-c', '100', '<gateway>'],
  ],
  verify: 'Ten minutes of `ping <gateway>` lose nothing.',
  undo: 'Nothing to undo.',
});
