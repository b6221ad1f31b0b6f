import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'replace-cable-or-port',
  title: 'Try another cable, another switch port, then another network card',
  risk: 'low',
  riskSays: 'The link is down for the moment of changing it.',
  preconditions: [
    'The host stays reachable by another way, or somebody is in front of it.',
  ],
  commands: [
    ['ethtool', '<nic>'],
    ['ethtool', '-S', '<nic>'],
  ],
  verify: 'The error counters of `ethtool -S <nic>` stand still under load, and the speed is what both sides can do.',
  undo: 'Plug the former cable or port in again.',
});
