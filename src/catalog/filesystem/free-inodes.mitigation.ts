import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'free-inodes',
  title: 'Find the folder with very many small files and clear it',
  risk: 'medium',
  riskSays: 'Deleted files do not come back: mail queues, sessions and caches are the usual places, but look first.',
  preconditions: [
    'It is known what the files are for.',
  ],
  commands: [
    ['du', '--inodes', '-xd2', '<mount point>'],
  ],
  verify: '`df -i <mount point>` shows free inodes again.',
  undo: 'Deleted files return from a backup only.',
});
