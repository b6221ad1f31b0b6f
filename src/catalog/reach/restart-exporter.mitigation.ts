import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'restart-exporter',
  title: 'Read why the exporter ended, and start it again',
  risk: 'none',
  riskSays: 'The exporter only reads.',
  preconditions: [],
  commands: [
    ['journalctl', '-u', 'prometheus-node-exporter', '-n', '50'],
    ['systemctl', 'restart', 'prometheus-node-exporter'],
  ],
  verify: '`curl -s http://127.0.0.1:9100/metrics` answers within a second.',
  undo: '`systemctl stop prometheus-node-exporter`.',
});
