import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'load-zfs-key',
  title: 'Load the key of the encrypted dataset',
  risk: 'none',
  riskSays: 'Loading a key changes no data.',
  preconditions: ['The passphrase or the key file is at hand.', 'The mount point is empty: a dataset does not mount over files unless told so.'],
  commands: [
    ['zfs', 'load-key', '-r', '<dataset>'],
    ['zfs', 'mount', '-a'],
    ['qm', 'start', '<vmid>'],
  ],
  verify: '`zfs get -r keystatus,mounted <dataset>` shows "available" and "yes", and the guests start.',
  undo: '`zfs unmount <dataset>` and `zfs unload-key <dataset>` lock it again.',
});
