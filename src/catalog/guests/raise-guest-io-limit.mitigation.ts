import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'raise-guest-io-limit',
  title: 'Raise the I/O limit of the guest',
  risk: 'low',
  riskSays: 'The guest can take more from the disks that it shares with others.',
  preconditions: ['It is known why the limit was set, and the storage has capacity to spare.'],
  commands: [
    ['qm', 'config', '<id>'],
    ['qm', 'set', '<id>', '--scsi0', '<volume and its present options>,mbps_rd=<MB/s>,mbps_wr=<MB/s>,iops_rd=<number>,iops_wr=<number>'],
  ],
  verify: 'The guest moves more than before, and `io.pressure` of the other guests stays low.',
  undo: 'Set the disk again with the former limits.',
});
