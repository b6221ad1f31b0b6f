import { defineScenario } from '../../define.ts';
import { seemUpFor, seenUptimeSeconds } from '../../loads/long-uptime.ts';
import { expectNoPool } from '../../loads/no-pool.ts';
import { eater } from './eater.ts';

const days = 31;
const hostHasNone = `systemd-run --quiet --unit=big --property=OOMScoreAdjust=1000 python3 -c 'data = b"x" * 200_000_000; import time; time.sleep(600)'
  sleep 8; echo 255 >/proc/sys/kernel/sysrq; echo f >/proc/sysrq-trigger; sleep 2`;

export default defineScenario<{ readonly container: boolean }>({
  name: 'old-oom-kill',
  subject: 'memory',
  kind: 'control',
  why: 'A month ago, in this very boot, the kernel killed a process for want of memory: the host had none left, or a container was at its limit. Since then all has been well. What is a month old explains nothing of today.',
  weight: 'light',
  variants: { 'host-had-none': { container: false }, 'container-at-its-limit': { container: true } },
  zfs: false,
  inject: async (host, { container }) => {
    await expectNoPool(host);
    if (container) {
      await host.run(`lab-guest lxc/101 --memory-mib 128 -- bash -c '${eater(300, { mibPerSecond: 200 }).replaceAll("'", `'"'"'`)}'`, { mayFail: true, timeoutSeconds: 60 });
    } else await host.run(hostHasNone, { timeoutSeconds: 90 });
    await seemUpFor(host, days);
  },
  check: async (host, { container }) => {
    const kills = Number(await host.run(`dmesg | grep -c '${container ? 'Memory cgroup out of memory' : '^.*] Out of memory: Killed'}' || true`));
    if (kills === 0) return 'nothing was killed';
    const uptime = await seenUptimeSeconds(host);
    return uptime > days * 86_400 ? undefined : `who logs in sees ${uptime} s since the boot`;
  },
  truth: { first: [], never: ['memory-exhausted'] },
});
