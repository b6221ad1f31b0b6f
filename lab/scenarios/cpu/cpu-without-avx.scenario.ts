import { defineScenario } from '../../define.ts';
import { cpuFlags, encryptsSlowly, makeGuestPool, mirror, startCopy, startGuests } from './guest-pool.ts';
import { maxWithoutAvx, westmere } from './processors.ts';

interface Variant {
  readonly cpu: string;
  readonly writers: 'guests' | 'copy';
}

export default defineScenario<Variant>({
  name: 'cpu-without-avx',
  subject: 'cpu',
  kind: 'fault',
  why: 'The processor has AES and PCLMULQDQ but never had AVX, and encrypted data is written faster than ZFS can encrypt so. Nothing is broken and no update brings it: right is cpu-lacks-crypto-instructions, and not the fault of the story, which looks alike in all of ZFS’s lists.',
  family: 'cpu-without-crypto-instructions',
  weight: 'heavy',
  variants: {
    westmere: { cpu: westmere, writers: 'guests' },
    'max-without-avx': { cpu: maxWithoutAvx, writers: 'copy' },
  },
  machine: ({ cpu }) => ({ cpu }),
  inject: async (host, { writers }) => {
    await makeGuestPool(host, { layout: mirror, cipher: 'aes-256-gcm' });
    if (writers === 'guests') await startGuests(host);
    else await startCopy(host);
  },
  settleSeconds: 15,
  check: async (host) => {
    const flags = await cpuFlags(host);
    if (flags.includes('avx') || !flags.includes('aes') || !flags.includes('pclmulqdq')) return 'the processor is not the one that was asked for';
    return encryptsSlowly(host);
  },
  truth: {
    first: ['cpu-lacks-crypto-instructions'],
    allowed: ['zfs-txg-stalled', 'cpu-saturated', 'hung-tasks'],
    never: ['zfs-crypto-unaccelerated', 'avx-disabled-by-mitigation', 'disk-slow', 'iowait-meter-wrong'],
    objects: { 'cpu-lacks-crypto-instructions': 'tank' },
  },
});
