import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'use-cpu-with-avx',
  title: 'Use a CPU, or a virtual CPU type, that has AES, PCLMULQDQ and AVX',
  risk: 'low',
  riskSays: 'The machine has to stop once.',
  preconditions: ['If this host is itself a virtual machine: its host has the instructions (`x86-64-v3` or `host` as CPU type hands them on).'],
  commands: [['qm', 'set', '<vmid of this machine on its own host>', '--cpu', 'x86-64-v3']],
  verify: '`cat /sys/module/*/parameters/icp_gcm_impl` lists `avx` after the restart.',
  undo: 'Set the former CPU type again.',
});
