import { defineScenario } from '../../define.ts';
import { expectNoPool } from '../../loads/no-pool.ts';

export default defineScenario<{ readonly minutes: number }>({
  name: 'clock-skew',
  subject: 'kernel',
  kind: 'fault',
  why: 'The clock of the host is far off, and nothing corrects it: tickets and certificates are refused, backups run at the wrong hour, the times of its logs mislead. The clock is right, and nothing else is wrong.',
  weight: 'light',
  variants: { 'two-hours-ahead': { minutes: 120 }, 'three-days-behind': { minutes: -3 * 1440 }, 'twenty-minutes-behind': { minutes: -20 }, 'a-year-ahead': { minutes: 365 * 1440 } },
  zfs: false,
  inject: async (host, { minutes }) => {
    await expectNoPool(host);
    await host.run(`date -s "@$(( $(date +%s) + ${minutes * 60} ))" >/dev/null`);
  },
  check: async (host, { minutes }) => {
    const off = Number(await host.run('date +%s')) / 60 - Date.now() / 60_000;
    return Math.abs(off - minutes) < 1 ? undefined : `the clock is off by ${off.toFixed(1)} minutes`;
  },
  truth: { first: ['clock-skew'], never: ['unexpected-reboot'] },
});
