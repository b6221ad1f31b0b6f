import { defineScenario } from '../../define.ts';
import { gcmChoices, makeGuestPool, startGuests, threeDisks, writtenBytesPerSecond } from './guest-pool.ts';
import { makeEncryptedDisk, workersPercent, writeToEncryptedDisk, xtsDriver } from './luks.ts';

export default defineScenario<'zfs' | 'luks'>({
  name: 'encrypted-normal-load',
  subject: 'cpu',
  kind: 'control',
  why: 'Guests write to an encrypted pool, or to a LUKS volume, as much as on any working day. The quick instructions are in use and nobody waits: there is nothing to say.',
  weight: 'light',
  variants: { 'zfs-three-guests': 'zfs', 'luks-two-guests': 'luks' },
  inject: async (host, kind) => {
    if (kind === 'luks') {
      await makeEncryptedDisk(host);
      return writeToEncryptedDisk(host, 'guests', 4);
    }
    await makeGuestPool(host, { layout: threeDisks, cipher: 'aes-256-gcm' });
    await startGuests(host, { share: 0.25, thinkSeconds: 4 });
  },
  settleSeconds: 20,
  check: async (host, kind) => {
    if (kind === 'luks') {
      const driver = await xtsDriver(host);
      if (!driver.includes('aesni')) return `xts(aes) is computed by "${driver}"`;
      return (await workersPercent(host)) >= 1 ? undefined : 'nothing is written';
    }
    if (!(await gcmChoices(host)).includes('avx')) return 'ZFS has no AVX';
    return (await writtenBytesPerSecond(host)) >= 3e5 ? undefined : 'nothing is written';
  },
  truth: { first: [], never: ['zfs-crypto-unaccelerated', 'kernel-crypto-unaccelerated', 'cpu-lacks-crypto-instructions'] },
});
