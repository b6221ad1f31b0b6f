import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'use-fleecing',
  title: 'Switch fleecing on for backups, or use a quicker target',
  risk: 'low',
  riskSays: 'While a backup runs, the local storage must hold the blocks that the guest overwrites meanwhile.',
  preconditions: ['Proxmox VE 8.2 or newer.', 'A quick local storage has room, best one that supports thin provisioning and discard.'],
  commands: [
    ['pvesh', 'set', '/cluster/backup/<job>', '--fleecing', 'enabled=1,storage=<fast local storage>'],
    ['pvesh', 'set', '/cluster/backup/<job>', '--schedule', '<time>'],
  ],
  verify: 'The task log says "attaching fleecing image", and the guest waits no longer during its next backup.',
  undo: "`pvesh set /cluster/backup/<job> --fleecing enabled=0`.",
});
