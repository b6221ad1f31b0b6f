import { defineScenario } from '../../define.ts';
import { expectNoPool } from '../../loads/no-pool.ts';

export default defineScenario<{ readonly times: number }>({
  name: 'rebooted-cleanly',
  subject: 'kernel',
  kind: 'control',
  why: 'Somebody rebooted the host in an orderly way some minutes ago, once or twice. It came up again, and all is well: a reboot that was wanted is no trouble.',
  weight: 'light',
  variants: { 'once': { times: 1 }, 'twice': { times: 2 } },
  machine: () => ({ kind: 'upgrade' }),
  zfs: false,
  inject: async (host, { times }) => {
    await expectNoPool(host);
    for (let count = 0; count < times; count += 1) await host.reboot();
    await host.run('systemctl is-system-running --wait >/dev/null', { mayFail: true, timeoutSeconds: 180 });
  },
  settleSeconds: 60,
  check: async (host, { times }) => {
    const boots = Number(await host.run('journalctl --list-boots -q | wc -l'));
    return boots > times ? undefined : `the journal knows ${boots} boots only`;
  },
  truth: { first: [], never: ['unexpected-reboot', 'kernel-regression'] },
});
