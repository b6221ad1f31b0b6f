import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'move-to-unencrypted-dataset',
  title: 'Move the guests that suffer most to a dataset that is not encrypted',
  risk: 'medium',
  riskSays: 'Their data is no longer protected when the disks are stolen or returned; the move itself loads the pool.',
  preconditions: ['Storing these guests unencrypted is allowed.', 'There is room for a second copy while the move runs.'],
  commands: [
    ['zfs', 'create', '-o', 'encryption=off', '<pool>/<dataset>'],
    ['pvesm', 'add', 'zfspool', '<storage>', '--pool', '<pool>/<dataset>'],
    ['qm', 'disk', 'move', '<vmid>', '<disk>', '<storage>'],
  ],
  verify: 'IO delay falls while the moved guests work as before.',
  undo: 'Move the disks back with the same command.',
});
