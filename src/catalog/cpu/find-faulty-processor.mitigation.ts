import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'find-faulty-processor',
  title: 'Decode the error, update the firmware, and let the processor or board be replaced where it comes again',
  risk: 'medium',
  riskSays: 'The host is down for an update of its firmware or a replacement.',
  preconditions: ['Guests can be moved or shut down.', 'Overclocking, undervolting and memory profiles are off in the firmware.'],
  commands: [
    ['apt', 'install', 'rasdaemon'],
    ['ras-mc-ctl', '--errors'],
    ['ipmitool', 'sel', 'elist'],
    ['grep', '-m1', 'microcode', '/proc/cpuinfo'],
  ],
  verify: '`ras-mc-ctl --errors` and the kernel log show no new machine check for several times the usual interval.',
  undo: 'Nothing to undo.',
});
