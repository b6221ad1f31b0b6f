import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'free-space',
  title: 'Find what fills the file system and remove what is not needed',
  risk: 'medium',
  riskSays: 'Deleted files do not come back: look at what they are first, above all at backups and images.',
  preconditions: [
    'It is known which of the large files are still needed.',
  ],
  commands: [
    ['du', '-xhd1', '<mount point>'],
    ['journalctl', '--vacuum-size=500M'],
    ['apt-get', 'clean'],
    ['lsof', '+L1', '<mount point>'],
  ],
  verify: '`df -h <mount point>` shows free space again. Space of deleted files that a process still holds open returns when it is restarted.',
  undo: 'Deleted files return from a backup only.',
});
