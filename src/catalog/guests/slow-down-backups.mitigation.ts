import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'slow-down-backups',
  title: 'Make backups gentler, or run them at another time',
  risk: 'low',
  riskSays: 'Backups take longer, and must still end before the next ones begin.',
  preconditions: ['The backups have time to take longer.'],
  commands: [
    ['sh', '-c', 'echo "bwlimit: <KiB/s>" >> /etc/vzdump.conf'],
    ['sh', '-c', 'echo "fleecing: enabled=1,storage=<fast local storage>" >> /etc/vzdump.conf'],
    ['pvesh', 'set', '/cluster/backup/<job>', '--schedule', '<time>'],
  ],
  verify: 'IO delay stays low during the next backup, and the backup ends with "OK".',
  undo: 'Remove the lines from /etc/vzdump.conf and set the former schedule.',
});
