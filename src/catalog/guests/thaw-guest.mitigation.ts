import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'thaw-guest',
  title: 'Thaw the file systems of the guest',
  risk: 'low',
  riskSays: 'To thaw what is not frozen does no harm.',
  preconditions: ['No backup or snapshot of this guest is running.'],
  commands: [
    ['qm', 'guest', 'cmd', '<id>', 'fsfreeze-status'],
    ['qm', 'guest', 'cmd', '<id>', 'fsfreeze-thaw'],
    ['lxc-unfreeze', '-n', '<id>'],
  ],
  verify: '`qm guest cmd <id> fsfreeze-status` says `thawed`; for a container `cgroup.events` says `frozen 0`.',
  undo: 'There is nothing to undo.',
});
