import { defineScenario } from '../../define.ts';
import { cpuFlags, makeGuestPool, mirror, startGuests, writtenBytesPerSecond } from './guest-pool.ts';
import { westmere } from './processors.ts';

export default defineScenario({
  name: 'avx-less-nothing-encrypted',
  subject: 'cpu',
  kind: 'control',
  why: 'An old processor without AVX, so that the lists of ZFS look as in the story, and guests that write to a pool of which nothing is encrypted. Nobody misses anything.',
  weight: 'light',
  variants: { westmere: {} },
  machine: () => ({ cpu: westmere }),
  inject: async (host) => {
    await makeGuestPool(host, { layout: mirror });
    await startGuests(host, { share: 0.25, thinkSeconds: 4 });
  },
  settleSeconds: 20,
  check: async (host) => {
    if ((await cpuFlags(host)).includes('avx')) return 'the processor has AVX';
    return (await writtenBytesPerSecond(host)) >= 3e5 ? undefined : 'nothing is written';
  },
  truth: { first: [], never: ['zfs-crypto-unaccelerated', 'cpu-lacks-crypto-instructions', 'avx-disabled-by-mitigation'] },
});
