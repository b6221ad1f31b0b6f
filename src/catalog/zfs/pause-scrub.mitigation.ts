import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'pause-scrub',
  title: 'Pause the scrub, and let it run when nobody waits for the disks',
  risk: 'low',
  riskSays: 'Until it has ended, latent errors are not found.',
  preconditions: [],
  commands: [['zpool', 'scrub', '-p', '<pool>']],
  verify: '`zpool status <pool>` says "scrub paused", and latency falls.',
  undo: '`zpool scrub <pool>` goes on where it stopped.',
});
