import { defineScenario } from '../../define.ts';
import { seemUpFor, seenUptimeSeconds } from '../../loads/long-uptime.ts';
import { expectNoPool } from '../../loads/no-pool.ts';

export default defineScenario<{ readonly days: number; readonly board: boolean }>({
  name: 'clock-skew',
  subject: 'kernel',
  kind: 'fault',
  why: 'The clock of the host is days or a year ahead, in some cases that of its board as well, and nothing corrects it. By its own clock the nightly backups have been missing ever since, though the last one ran tonight; tickets and certificates are refused. The clock is right. The host itself cannot know it; the machine that asks can, for it has a clock too.',
  weight: 'light',
  variants: { 'ten-days-ahead': { days: 10, board: false }, 'a-year-ahead': { days: 365, board: true }, 'a-month-ahead': { days: 31, board: false } },
  zfs: false,
  inject: async (host, { days, board }) => {
    await expectNoPool(host);
    await seemUpFor(host, 40);
    await host.run(`date -s "@$(( $(date +%s) + ${days * 86_400} ))" >/dev/null${board ? '; if command -v hwclock >/dev/null; then hwclock --systohc; fi' : ''}`);
  },
  check: async (host, { days }) => {
    const uptime = await seenUptimeSeconds(host);
    if (uptime < 40 * 86_400) return `who logs in sees ${uptime} s since the boot`;
    const off = (Number(await host.run('date +%s')) - Date.now() / 1000) / 86_400;
    return Math.abs(off - days) < 0.01 ? undefined : `the clock is off by ${off.toFixed(2)} days`;
  },
  truth: { first: ['clock-skew'], symptoms: ['backup-missed'], never: ['unexpected-reboot'] },
});
