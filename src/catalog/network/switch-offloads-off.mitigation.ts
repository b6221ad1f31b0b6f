import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'switch-offloads-off',
  title: 'Switch the segmentation offloads of this card off',
  risk: 'low',
  riskSays: 'The CPU has some more to do for each packet.',
  preconditions: [],
  commands: [
    ['ethtool', '-K', '<nic>', 'tso', 'off', 'gso', 'off', 'gro', 'off'],
  ],
  verify: 'The kernel log names no further hang under the same load. To keep it: the same command as `post-up` in /etc/network/interfaces.',
  undo: '`ethtool -K <nic> tso on gso on gro on`.',
});
