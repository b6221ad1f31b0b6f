import { defineScenario } from '../../define.ts';
import { writeUpdateHistory } from '../../loads/package-update.ts';
import { makeGuestPool, startGuests, threeDisks, writtenBytesPerSecond } from './guest-pool.ts';

export default defineScenario<number>({
  name: 'kernel-updated-yesterday',
  subject: 'kernel',
  kind: 'control',
  why: 'Kernel and ZFS were updated yesterday, as the logs of dpkg and apt tell, and the host runs the new ones. Guests do their ordinary work on an encrypted pool and all is well. An update is no fault.',
  weight: 'light',
  variants: { yesterday: 24 * 60 + 15, 'an-hour-ago': 65 },
  inject: async (host, minutesAgo) => {
    await writeUpdateHistory(host, minutesAgo);
    await makeGuestPool(host, { layout: threeDisks, cipher: 'aes-256-gcm' });
    await startGuests(host, { share: 0.25, thinkSeconds: 4 });
  },
  settleSeconds: 20,
  check: async (host) => {
    const text = await host.run('grep -c " upgrade zfs-dkms:all " /var/log/dpkg.log; tail -n 1 /var/log/apt/history.log', { mayFail: true });
    if (!text.startsWith('1') || !text.includes('End-Date')) return `the logs of dpkg and apt do not tell of the update: ${text.trim()}`;
    return (await writtenBytesPerSecond(host)) >= 3e5 ? undefined : 'nothing is written';
  },
  truth: { first: [], never: ['kernel-regression', 'reboot-pending', 'zfs-crypto-unaccelerated'] },
});
