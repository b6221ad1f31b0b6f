import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'repair-clock',
  title: 'Update the firmware, and boot with a quick clock again',
  risk: 'medium',
  riskSays: 'A firmware update and a reboot; `tsc=reliable` on a processor whose counters really drift makes time run wrong.',
  preconditions: ['Guests can be stopped or moved.'],
  commands: [['cat', '/sys/devices/system/clocksource/clocksource0/available_clocksource'], ['dmesg', '--level=err,warn,notice,info'], ['reboot']],
  verify: '/sys/devices/system/clocksource/clocksource0/current_clocksource says `tsc` (in a virtual machine `kvm-clock`, `tsc` or `hyperv_clocksource_tsc_page`) for days.',
  undo: 'Nothing to undo.',
});
