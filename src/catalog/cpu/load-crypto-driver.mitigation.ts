import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'load-crypto-driver',
  title: 'Load the driver that encrypts with the processor, and open the volumes again',
  risk: 'medium',
  riskSays: 'An encrypted volume keeps its cipher until it is closed and opened again, or the host reboots.',
  preconditions: ['The keys of the volumes are at hand.', 'Nothing uses the volumes: guests on them are stopped, file systems unmounted.', 'The running kernel has the module.'],
  commands: [['modprobe', 'aesni_intel'], ['cryptsetup', 'benchmark'], ['cryptsetup', 'close', '<volume>'], ['cryptsetup', 'open', '<device>', '<volume>']],
  verify: '/proc/crypto shows a driver such as `xts-aes-aesni` with the highest priority for `xts(aes)`, and `cryptsetup benchmark` gives more than a gigabyte per second.',
  undo: 'Nothing to undo.',
});
