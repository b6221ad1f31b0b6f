import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'lower-compression',
  title: 'Choose a compression that costs next to nothing',
  risk: 'low',
  riskSays: 'New data takes more room than with the costly compression; what is already written stays as it is.',
  preconditions: ['`zfs get -r compressratio <dataset>` shows how much room the compression saves, and the pool has room for more.'],
  commands: [['zfs', 'set', 'compression=lz4', '<dataset>']],
  verify: '`top -H` shows the threads z_wr_iss with little to do while the same is written, and IO delay stays low.',
  undo: 'Set the former value, which holds for new data at once: `zfs set compression=<former value> <dataset>`.',
});
