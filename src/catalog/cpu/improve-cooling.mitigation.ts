import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'improve-cooling',
  title: 'Cool the processor: fans, dust, air flow, thermal paste, room',
  risk: 'low',
  riskSays: 'Work on the hardware needs the host switched off.',
  preconditions: ['Somebody can get to the machine; until then load can be moved away.'],
  commands: [['sensors'], ['ipmitool', 'sdr', 'type', 'Fan']],
  verify: 'Under the same load, /sys/devices/system/cpu/cpu0/thermal_throttle/*_count no longer grows.',
  undo: 'Nothing to undo.',
});
