import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'limit-guest-io',
  title: 'Limit the I/O of the guest, or move it to storage of its own',
  risk: 'low',
  riskSays: 'What the guest does takes longer.',
  preconditions: ['It is known what the guest does and that it may take longer.'],
  commands: [
    ['qm', 'config', '<id>'],
    ['qm', 'set', '<id>', '--scsi0', '<volume and its present options>,mbps_rd=<MB/s>,mbps_wr=<MB/s>'],
    ['qm', 'disk', 'move', '<id>', 'scsi0', '<storage>'],
  ],
  verify: 'The other guests’ `io.pressure` (/sys/fs/cgroup/qemu.slice/<id>.scope) falls within a minute.',
  undo: 'Set the disk again without the limits.',
});
