import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'find-reset-reason',
  title: 'Read what was kept of the crash, and see to it that more is kept next time',
  risk: 'low',
  riskSays: 'Reading harms nothing. A crash kernel reserves some hundred megabytes of memory from the next boot on.',
  preconditions: ['The event log of the management controller has not been cleared.'],
  commands: [
    ['journalctl', '-b', '-1', '-n', '200'],
    ['last', '-x', 'reboot', 'shutdown'],
    ['ipmitool', 'sel', 'elist'],
    ['ls', '-l', '/sys/fs/pstore', '/var/lib/systemd/pstore', '/var/crash'],
    ['mkdir', '-p', '/var/log/journal'],
    ['apt', 'install', 'kdump-tools'],
  ],
  verify: 'The logs name power, heat, hardware, a panic or a watchdog for the second at which the journal of the boot before ends.',
  undo: 'Remove kdump-tools and the word crashkernel= from the kernel command line.',
});
