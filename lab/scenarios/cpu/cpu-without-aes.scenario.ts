import { defineScenario } from '../../define.ts';
import { cpuFlags, encryptsSlowly, makeGuestPool, mirror, startCopy, startGuests } from './guest-pool.ts';
import { maxWithoutAes, nehalem } from './processors.ts';

interface Variant {
  readonly cpu: string;
  readonly writers: 'guests' | 'copy';
}

export default defineScenario<Variant>({
  name: 'cpu-without-aes',
  subject: 'cpu',
  kind: 'fault',
  why: 'The processor has no AES instructions, with AVX or without, and encrypted data is written faster than ZFS can encrypt with tables. Nothing is broken: right is cpu-lacks-crypto-instructions.',
  family: 'cpu-without-crypto-instructions',
  weight: 'heavy',
  variants: {
    'max-without-aes': { cpu: maxWithoutAes, writers: 'copy' },
    nehalem: { cpu: nehalem, writers: 'guests' },
  },
  machine: ({ cpu }) => ({ cpu }),
  inject: async (host, { writers }) => {
    await makeGuestPool(host, { layout: mirror, cipher: 'aes-256-gcm' });
    if (writers === 'guests') await startGuests(host);
    else await startCopy(host);
  },
  settleSeconds: 15,
  check: async (host) => {
    if ((await cpuFlags(host)).includes('aes')) return 'the processor has AES instructions';
    return encryptsSlowly(host);
  },
  truth: {
    first: ['cpu-lacks-crypto-instructions'],
    allowed: ['zfs-txg-stalled', 'cpu-saturated', 'hung-tasks'],
    never: ['zfs-crypto-unaccelerated', 'avx-disabled-by-mitigation', 'disk-slow', 'iowait-meter-wrong'],
    objects: { 'cpu-lacks-crypto-instructions': 'tank' },
  },
});
