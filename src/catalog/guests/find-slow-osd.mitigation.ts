import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'find-slow-osd',
  title: 'Find the slow OSD and take it out',
  risk: 'medium',
  riskSays: 'Taking an OSD out moves its data, which is load of its own.',
  preconditions: ['All placement groups are active, and the other OSDs have room for its data.'],
  commands: [
    ['ceph', 'health', 'detail'],
    ['ceph', 'osd', 'perf'],
    ['ceph', 'daemon', 'osd.<id>', 'dump_historic_ops'],
    ['ceph', 'osd', 'out', '<id>'],
  ],
  verify: '`ceph health` no longer names SLOW_OPS, and the guests answer.',
  undo: '`ceph osd in <id>`.',
});
