import { defineScenario } from '../../define.ts';
import { expectNoPool } from '../../loads/no-pool.ts';

export default defineScenario<{ readonly swapMib: number }>({
  name: 'swap-full-at-rest',
  subject: 'memory',
  kind: 'control',
  why: 'Swap is full to the last page with memory of a program that nobody has asked for since yesterday. Nothing comes back, nobody waits, and most memory is free. "Swap 100 %" is no fault.',
  weight: 'light',
  variants: { 'small-swap': { swapMib: 200 }, 'larger-swap': { swapMib: 450 } },
  zfs: false,
  inject: async (host, { swapMib }) => {
    await expectNoPool(host);
    await host.run(`truncate -s 0 /swapfile && fallocate -l ${swapMib}M /swapfile && chmod 600 /swapfile && mkswap /swapfile >/dev/null && swapon /swapfile`);
    await host.run(`systemd-run --quiet --unit=sleeper -p MemoryHigh=60M python3 -c 'import time, os; held = os.urandom(${swapMib + 30} << 20); time.sleep(3600)'`);
    await host.run("for i in $(seq 60); do [ $(awk '$1 == \"SwapFree:\" { print $2 }' /proc/meminfo) -lt 4096 ] && exit; sleep 2; done; exit 1", { timeoutSeconds: 180 });
    await host.run('systemctl set-property --runtime sleeper.service MemoryHigh=infinity');
  },
  settleSeconds: 25,
  check: async (host) => {
    const free = Number((await host.run("awk '$1 == \"SwapFree:\" { print $2 }' /proc/meminfo")).trim());
    return free < 20_000 ? undefined : `${free} kB of swap are free`;
  },
  truth: { first: [], never: ['swap-thrashing'] },
});
