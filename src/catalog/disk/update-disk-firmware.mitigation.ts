import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'update-disk-firmware',
  title: 'Update the firmware of the disk',
  risk: 'medium',
  riskSays: 'An update that breaks off can make the disk unusable; some disks need a power cycle afterwards.',
  preconditions: ['A recent backup exists off this host and has been verified.', 'The maker offers a newer version for exactly this model and lists the fault.', 'Disks of one mirror are updated one after the other, with the pool healthy in between.'],
  commands: [['smartctl', '-i', '/dev/<disk>'], ['fwupdmgr', 'get-updates']],
  verify: '`smartctl -i /dev/<disk>` shows the new version, and the fault does not return.',
  undo: 'Usually there is no way back to an older version.',
});
