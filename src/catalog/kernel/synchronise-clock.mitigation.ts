import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'synchronise-clock',
  title: 'Let one service keep the clock, with servers that can be reached',
  risk: 'medium',
  riskSays: 'A clock that is stepped by minutes confuses cluster, Ceph, databases and timers for a moment; small differences are worked off slowly and harm nothing.',
  preconditions: ['In a cluster all nodes use the same time servers.', 'UDP port 123 to them is open.'],
  commands: [
    ['apt', 'install', 'chrony'],
    ['chronyc', 'sources', '-v'],
    ['chronyc', 'tracking'],
    ['chronyc', 'makestep'],
    ['hwclock', '--systohc'],
  ],
  verify: '`chronyc tracking` says "Leap status: Normal" and an offset of some milliseconds at most; `timedatectl` says that the clock is synchronised.',
  undo: 'Nothing to undo.',
});
