import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'open-the-port',
  title: 'Look for the rule that drops ssh, and allow it from here',
  risk: 'medium',
  riskSays: 'An open port is open for others as well: allow single addresses.',
  preconditions: [
    'The host can be reached by its console or its web interface.',
  ],
  commands: [
    ['pve-firewall', 'status'],
    ['nft', 'list', 'ruleset'],
    ['fail2ban-client', 'status', 'sshd'],
  ],
  verify: '`ssh <host> true` works from here.',
  undo: 'Take the rule back.',
});
