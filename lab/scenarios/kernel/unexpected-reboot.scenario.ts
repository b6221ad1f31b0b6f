import { defineScenario, type Host } from '../../define.ts';
import { expectNoPool } from '../../loads/no-pool.ts';

async function resetBy(host: Host, reset: () => Promise<unknown>): Promise<void> {
  const bootId = async (): Promise<string> => (await host.run('cat /proc/sys/kernel/random/boot_id', { mayFail: true, timeoutSeconds: 10 })).trim();
  const before = await bootId();
  await reset();
  for (let waited = 0; waited < 300; waited += 3) {
    await host.wait(3);
    const now = await bootId();
    if (now !== '' && now !== before) return;
  }
  throw new Error('The machine did not come back within 300 s.');
}

export default defineScenario<{ readonly how: 'reset' | 'panic' }>({
  name: 'unexpected-reboot',
  subject: 'kernel',
  kind: 'fault',
  why: 'The host reset itself, or was reset, from one moment to the next: by the button or a power cut, or by a panic of its kernel. It is up again, and its journal breaks off without a shutdown. That it was no orderly reboot is as much as can be said; the kernel version is not to blame for that alone.',
  weight: 'light',
  variants: { 'reset-button': { how: 'reset' }, 'kernel-panic': { how: 'panic' } },
  machine: () => ({ kind: 'upgrade' }),
  zfs: false,
  inject: async (host, { how }) => {
    await expectNoPool(host);
    await host.reboot();
    await host.run('systemctl is-system-running --wait >/dev/null; journalctl --sync; sync', { mayFail: true, timeoutSeconds: 180 });
    const crash = "echo 2 >/proc/sys/kernel/panic; echo 1 >/proc/sys/kernel/sysrq; (sleep 1; echo c >/proc/sysrq-trigger) >/dev/null 2>&1 &";
    await resetBy(host, how === 'reset' ? () => host.qmp('system_reset') : () => host.run(crash, { mayFail: true, timeoutSeconds: 10 }));
    await host.run('systemctl is-system-running --wait >/dev/null', { mayFail: true, timeoutSeconds: 180 });
  },
  settleSeconds: 60,
  check: async (host) => {
    const boots = Number(await host.run('journalctl --list-boots -q | wc -l'));
    if (boots < 2) return `the journal knows ${boots} boots only`;
    const stopped = Number(await host.run("journalctl -b -1 -q | grep -cE 'Journal stopped|systemd-shutdown|Reached target.*(Reboot|Power-Off)' || true"));
    return stopped === 0 ? undefined : 'the boot before ended in an orderly way';
  },
  truth: { first: ['unexpected-reboot'], symptoms: ['rebooted'], never: ['kernel-regression'] },
});
