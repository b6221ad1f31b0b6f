import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'turn-dedup-off',
  title: 'Turn deduplication off, give the cache more memory, and rewrite the data in time',
  risk: 'low',
  riskSays: 'Data that is rewritten takes its full space.',
  preconditions: ['There is room for the data without deduplication.'],
  commands: [['zfs', 'set', 'dedup=off', '<pool>'], ['zfs', 'get', '-r', 'dedup', '<pool>']],
  verify: '`zpool status -D` shows fewer entries as data is rewritten.',
  undo: '`zfs set dedup=on <dataset>`.',
});
