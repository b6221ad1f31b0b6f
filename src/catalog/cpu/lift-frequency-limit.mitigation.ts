import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'lift-frequency-limit',
  title: 'Let the processors run at their full frequency',
  risk: 'low',
  riskSays: 'The machine draws more power and gets warmer.',
  preconditions: ['The limit was not set because of heat or power.'],
  commands: [
    ['cpupower', 'frequency-set', '--max', '<hardware maximum in MHz>MHz'],
    ['cpupower', 'frequency-set', '--governor', 'performance'],
  ],
  verify: '`cat /sys/devices/system/cpu/cpufreq/policy0/scaling_cur_freq` rises under load.',
  undo: 'Set the former maximum and governor with the same commands; what a service (tuned, power-profiles-daemon, a script at boot) set comes back by itself.',
});
