import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'start-ssh-server',
  title: 'Start the ssh server by the console or the web interface',
  risk: 'low',
  riskSays: 'A wrong configuration keeps it from starting; then `sshd -t` names the line.',
  preconditions: ['The console or the web interface of the host can be reached.'],
  commands: [
    ['sshd', '-t'],
    ['systemctl', 'restart', 'ssh'],
    ['journalctl', '-u', 'ssh', '-n', '50'],
  ],
  verify: '`ssh <host> true` works.',
  undo: '`systemctl stop ssh`.',
});
