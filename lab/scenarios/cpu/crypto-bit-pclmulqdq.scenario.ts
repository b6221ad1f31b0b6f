import { defineScenario } from '../../define.ts';
import { encryptsSlowly, gcmChoices, makeGuestPool, mirror, startCopy, startGuests } from './guest-pool.ts';

interface Variant {
  readonly bits: string;
  readonly writers: 'guests' | 'copy';
}

export default defineScenario<Variant>({
  name: 'crypto-bit-pclmulqdq',
  subject: 'cpu',
  kind: 'fault',
  why: 'The kernel does not tell its modules that the processor can multiply without carry (PCLMULQDQ), alone or along with other bits; programs and /proc/cpuinfo still see it. The authentication of AES-GCM is then computed bit by bit. It is the fault of the story with another bit: right is zfs-crypto-unaccelerated.',
  family: 'zfs-crypto-bits',
  weight: 'heavy',
  variants: {
    'pclmulqdq-alone': { bits: '129', writers: 'copy' },
    'pclmulqdq-and-aes': { bits: '129,153', writers: 'guests' },
    'all-three': { bits: '129,153,155', writers: 'copy' },
  },
  beforeZfs: async (host, { bits }) => void (await host.run(`modprobe labcpu bits=${bits}`)),
  inject: async (host, { writers }) => {
    await makeGuestPool(host, { layout: mirror, cipher: 'aes-256-gcm' });
    if (writers === 'guests') await startGuests(host);
    else await startCopy(host);
  },
  settleSeconds: 15,
  check: async (host) => {
    const choices = await gcmChoices(host);
    if (choices.includes('pclmulqdq')) return `ZFS has PCLMULQDQ (${choices.join(' ')})`;
    return encryptsSlowly(host);
  },
  truth: {
    first: ['zfs-crypto-unaccelerated'],
    allowed: ['zfs-txg-stalled', 'cpu-saturated', 'hung-tasks'],
    never: ['cpu-lacks-crypto-instructions', 'avx-disabled-by-mitigation', 'disk-slow', 'iowait-meter-wrong'],
    objects: { 'zfs-crypto-unaccelerated': 'tank' },
  },
});
