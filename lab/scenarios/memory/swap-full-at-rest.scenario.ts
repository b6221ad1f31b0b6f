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
    await host.run(`systemd-run --quiet --unit=sleeper python3 -c 'import time, os; held = os.urandom(${swapMib + 30} << 20); open("/run/sleeper", "w").close(); time.sleep(3600)'`);
    // The kernel is asked to take the program's memory back (cgroup v2, memory.reclaim): nothing else of it moves.
    await host.run(
      `for i in $(seq 60); do [ -e /run/sleeper ] && break; sleep 1; done
      swap_free() { awk '$1 == "SwapFree:" { print $2 }' /proc/meminfo; }
      for i in $(seq 100); do [ "$(swap_free)" -lt 4096 ] && exit; echo 20M >/sys/fs/cgroup/system.slice/sleeper.service/memory.reclaim 2>/dev/null || sleep 0.5; done
      echo "$(swap_free) kB of swap are free" >&2; exit 1`,
      { timeoutSeconds: 180 },
    );
  },
  settleSeconds: 25,
  check: async (host) => {
    const free = Number((await host.run("awk '$1 == \"SwapFree:\" { print $2 }' /proc/meminfo")).trim());
    return free < 20_000 ? undefined : `${free} kB of swap are free`;
  },
  truth: { first: [], never: ['swap-thrashing'] },
});
