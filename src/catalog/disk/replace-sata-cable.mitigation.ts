import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'replace-sata-cable',
  title: 'Replace the cable, or use another slot or port',
  risk: 'low',
  riskSays: 'The disk is away while the cable is changed; without hot plug the host has to be shut down.',
  preconditions: ['The disk and its port have been identified by serial number and slot.', 'Its pool or array can do without it meanwhile, or is not in use.'],
  commands: [['smartctl', '-A', '/dev/<disk>'], ['zpool', 'clear', '<pool>', '<disk as zpool status names it>']],
  verify: 'The raw value of attribute 199 (UDMA_CRC_Error_Count) stops growing, and the kernel logs no more link resets.',
  undo: 'None is needed.',
});
