import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'give-cluster-own-network',
  title: 'Give the cluster a network of its own, and a second link',
  risk: 'medium',
  riskSays: 'A mistake in corosync.conf takes the whole cluster out of quorum.',
  preconditions: ['All nodes are in quorum, and a copy of /etc/pve/corosync.conf exists.'],
  commands: [
    ['cp', '/etc/pve/corosync.conf', '/root/corosync.conf.before'],
    ['cp', '/etc/pve/corosync.conf', '/root/corosync.conf.new'],
    ['editor', '/root/corosync.conf.new'],
    ['cp', '/root/corosync.conf.new', '/etc/pve/corosync.conf'],
    ['corosync-cfgtool', '-s'],
  ],
  verify: '`corosync-cfgtool -s` shows two links to each node as connected, also during a backup.',
  undo: 'Put the former file back with a higher `config_version`.',
});
