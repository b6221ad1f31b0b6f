import { defineScenario } from '../../define.ts';
import { expectNoPool } from '../../loads/no-pool.ts';
import { eater } from './eater.ts';

export default defineScenario<{ readonly limitMib: number; readonly wantsMib: number }>({
  name: 'container-out-of-memory',
  subject: 'memory',
  kind: 'fault',
  why: 'A program in a container wants more than the limit of the container, and the kernel kills it in there, again and again. The host has plenty of memory. The limit of this container is right; that the host lacks memory is not.',
  weight: 'light',
  variants: { 'small-limit': { limitMib: 128, wantsMib: 300 }, 'larger-limit': { limitMib: 320, wantsMib: 600 } },
  zfs: false,
  inject: async (host, { limitMib, wantsMib }) => {
    await expectNoPool(host);
    await host.start('container101', `while :; do lab-guest lxc/101 --memory-mib ${limitMib} -- bash -c '${eater(wantsMib, { mibPerSecond: 120 }).replaceAll("'", `'"'"'`)}'; sleep 4; done`);
    await host.run("for i in $(seq 60); do dmesg | grep -q 'Memory cgroup out of memory: Killed' && exit; sleep 1; done; exit 1", { timeoutSeconds: 120 });
  },
  settleSeconds: 8,
  check: async (host) => ((await host.run("dmesg | grep -c 'Memory cgroup out of memory: Killed'", { mayFail: true })).trim() !== '0' ? undefined : 'nothing was killed'),
  truth: {
    first: ['guest-memory-limit', 'oom-kills'],
    allowed: ['guest-memory-limit', 'oom-kills'],
    objects: { 'guest-memory-limit': 'lxc/101', 'oom-kills': 'lxc/101' },
    never: ['memory-exhausted', 'swap-thrashing', 'arc-starves-guests'],
  },
});
