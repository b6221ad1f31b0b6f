import { defineScenario } from '../../define.ts';
import { makeGuestPool, mirror } from './guest-pool.ts';

export default defineScenario<{ readonly guests: boolean }>({
  name: 'idle',
  subject: 'cpu',
  kind: 'control',
  why: 'An ordinary host at night: an encrypted pool that nobody writes to, with guests that sleep or without. There is nothing to find.',
  weight: 'light',
  variants: { 'pool-at-rest': { guests: false }, 'guests-at-rest': { guests: true } },
  inject: async (host, { guests }) => {
    await makeGuestPool(host, { layout: mirror, cipher: 'aes-256-gcm' });
    await host.run('head -c 48M /dev/urandom > /tank/image && sync', { timeoutSeconds: 120 });
    if (!guests) return;
    for (const guest of ['qemu/100', 'lxc/101']) await host.start(`guest-${guest.slice(-3)}`, 'exec sleep 900', { guest });
  },
  settleSeconds: 25,
  check: async (host) => {
    const idle = Number(await host.run(`awk '/^cpu /{ print $5 + $6, $2 + $3 + $4 + $5 + $6 + $7 + $8 + $9 }' /proc/stat > /run/lab-cpu; sleep 4
      awk 'NR == FNR { idle = $1; all = $2; next } /^cpu /{ print 100 * ($5 + $6 - idle) / ($2 + $3 + $4 + $5 + $6 + $7 + $8 + $9 - all) }' /run/lab-cpu /proc/stat`));
    return idle >= 70 ? undefined : `the processors are idle only ${idle.toFixed(0)} % of the time`;
  },
  truth: { first: [] },
});
