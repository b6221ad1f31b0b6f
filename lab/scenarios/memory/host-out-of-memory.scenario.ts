import { defineScenario } from '../../define.ts';
import { expectNoPool } from '../../loads/no-pool.ts';
import { eater } from './eater.ts';

export default defineScenario<{ readonly mibPerSecond: number; readonly resident: number }>({
  name: 'host-out-of-memory',
  subject: 'memory',
  kind: 'fault',
  why: 'A VM grows until the host, which has no swap, has nothing left, and the kernel kills it; somebody starts it again, and it happens anew. That memory runs out, and that VMs are killed for it, is right.',
  weight: 'light',
  variants: { 'grows-quickly': { mibPerSecond: 150, resident: 500 }, 'grows-beside-a-large-guest': { mibPerSecond: 60, resident: 900 } },
  zfs: false,
  inject: async (host, { mibPerSecond, resident }) => {
    await expectNoPool(host);
    await host.start('guest100', `echo -600 >/proc/self/oom_score_adj; ${eater(resident, { touches: 10 })}`, { guest: 'qemu/100' });
    await host.start('guest103', `while :; do lab-guest qemu/103 -- bash -c '${eater(3000, { mibPerSecond, touches: 10 }).replaceAll("'", `'"'"'`)}'; sleep 3; done`);
    await host.run("for i in $(seq 60); do dmesg | grep -q 'Out of memory: Killed' && exit; sleep 2; done; exit 1", { timeoutSeconds: 180 });
  },
  settleSeconds: 3,
  check: async (host) => ((await host.run("dmesg | grep -c 'Out of memory: Killed'", { mayFail: true })).trim() !== '0' ? undefined : 'nothing was killed'),
  truth: {
    first: ['oom-kills', 'memory-exhausted'],
    allowed: ['oom-kills', 'memory-exhausted', 'cpu-saturated'],
    never: ['guest-memory-limit', 'swap-thrashing', 'disk-slow'],
  },
});
