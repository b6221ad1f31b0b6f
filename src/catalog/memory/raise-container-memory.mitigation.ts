import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'raise-container-memory',
  title: 'Raise the memory limit of the container',
  risk: 'low',
  riskSays: 'The memory is then missing elsewhere if the host is short itself.',
  preconditions: ['The host has memory available (`free -m`).'],
  commands: [['pct', 'set', '<id>', '--memory', '<MiB>'], ['pct', 'set', '<id>', '--swap', '<MiB>']],
  verify: '`oom_kill` in /sys/fs/cgroup/lxc/<id>/memory.events no longer grows.',
  undo: 'Set the former amount again.',
});
