import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'restart-pmxcfs',
  title: 'Restart the cluster file system',
  risk: 'medium',
  riskSays: 'Running guests go on, but the cluster’s daemons wait meanwhile. With high availability in use the node can be reset after a minute without it.',
  preconditions: ['The file system that holds /var/lib/pve-cluster has room.', 'With high availability in use: no other node restarts at the same time.'],
  commands: [
    ['df', '-h', '/var/lib/pve-cluster'],
    ['systemctl', 'restart', 'pve-cluster'],
    ['systemctl', 'restart', 'pvestatd', 'pvedaemon', 'pveproxy'],
  ],
  verify: '`timeout 5 ls /etc/pve/nodes` answers at once.',
  undo: 'There is nothing to undo.',
});
