import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'restore-storage-server',
  title: 'Bring the storage server or the way to it back; else detach the mount',
  risk: 'medium',
  riskSays: 'A detached mount loses what guests and backups had not written yet.',
  preconditions: [
    'It has been tried from another machine whether the server answers.',
  ],
  commands: [
    ['ping', '-c', '3', '<server>'],
    ['showmount', '-e', '<server>'],
    ['pvesm', 'set', '<storage>', '--disable', '1'],
    ['umount', '-f', '-l', '<mount point>'],
  ],
  verify: '`stat -f <mount point>` answers at once, and the number of processes in state D falls.',
  undo: '`pvesm set <storage> --disable 0`, then the storage is mounted again.',
});
