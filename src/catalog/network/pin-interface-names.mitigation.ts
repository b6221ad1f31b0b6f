import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'pin-interface-names',
  title: 'Write the new name into the configuration, then pin the names to hardware addresses',
  risk: 'medium',
  riskSays: 'A wrong name cuts the host off: do it with the console at hand.',
  preconditions: ['The console or the management controller of the host can be reached.', 'A copy of /etc/network/interfaces is kept.'],
  commands: [
    ['ip', '-br', 'link'],
    ['cp', '/etc/network/interfaces', '/root/interfaces.before'],
    ['sed', '-i', 's/\\b<old-name>\\b/<new-name>/g', '/etc/network/interfaces'],
    ['ifreload', '-a'],
    ['pve-network-interface-pinning', 'generate', '--interface', '<new-name>'],
  ],
  verify: '`ip -br link show master <bridge>` lists the card, the gateway answers, and both are still so after the next reboot.',
  undo: 'Copy /root/interfaces.before back, remove the files that pinning made below /etc/systemd/network or /usr/local/lib/systemd/network, and reload.',
});
