import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'move-to-gcm-dataset',
  title: 'Move the data to a dataset that is encrypted with AES-GCM',
  risk: 'medium',
  riskSays: 'The move itself loads the pool for hours; guests pause for the last step.',
  preconditions: ['There is room for a second copy while the move runs.', 'A verified backup exists.'],
  commands: [
    ['zfs', 'create', '-o', 'encryption=aes-256-gcm', '-o', 'keyformat=passphrase', '<pool>/<new dataset>'],
    ['zfs', 'snapshot', '<pool>/<old dataset>@move'],
    ['sh', '-c', 'zfs send <pool>/<old dataset>@move | zfs receive -x encryption <pool>/<new dataset>/<name>'],
  ],
  verify: '`zfs get -r encryption <pool>/<new dataset>` shows aes-256-gcm, and IO delay stays low while it is written to.',
  undo: 'Use the old dataset until it is destroyed, which should wait for a good backup of the new one.',
});
