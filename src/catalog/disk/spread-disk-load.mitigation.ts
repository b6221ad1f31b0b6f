import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'spread-disk-load',
  title: 'Take load off the disk',
  risk: 'low',
  riskSays: 'What is put off or limited takes longer.',
  preconditions: ['It is known who makes the load: `iotop -oPa`, `zpool iostat -v 5`, the guests’ disk graphs.'],
  commands: [
    ['zpool', 'scrub', '-p', '<pool>'],
    ['qm', 'set', '<vmid>', '--<disk, such as scsi0>', '<volume>,iops_rd=<limit>,iops_wr=<limit>'],
  ],
  verify: '`iostat -x 5` shows the disk busy for less than 80 % of the time and its queue short.',
  undo: '`zpool scrub <pool>` goes on with a paused scrub; set the volume again without the limits.',
});
