import { defineScenario } from '../../define.ts';
import { expectNoPool } from '../../loads/no-pool.ts';
import { eater } from './eater.ts';

export default defineScenario<{ readonly guests: number; readonly mebibytes: number; readonly operationsPerSecond: number }>({
  name: 'swap-storm',
  subject: 'memory',
  kind: 'fault',
  why: 'The guests together want more memory than the host has, and all of it all the time. Pages go out to a slow swap disk and are wanted back at once; everybody waits for the swap. Memory is the cause, the busy swap disk a consequence.',
  weight: 'light',
  variants: {
    'two-guests-slow-swap': { guests: 2, mebibytes: 800, operationsPerSecond: 300 },
    'three-guests-quicker-swap': { guests: 3, mebibytes: 560, operationsPerSecond: 800 },
  },
  zfs: false,
  inject: async (host, { guests, mebibytes, operationsPerSecond }) => {
    await expectNoPool(host);
    await host.run('mkswap /dev/vdb >/dev/null && swapon /dev/vdb');
    await host.throttle('data1', { operationsPerSecond });
    for (const id of [100, 103, 104].slice(0, guests)) await host.start(`guest${id}`, eater(mebibytes), { guest: `qemu/${id}` });
  },
  settleSeconds: 35,
  check: async (host) => {
    const read = async (): Promise<number> => Number((await host.run("awk '$1 == \"pswpin\" { print $2 }' /proc/vmstat", { timeoutSeconds: 90 })).trim());
    const before = await read();
    await host.wait(5);
    const after = await read();
    return after - before > 200 ? undefined : `only ${after - before} pages came back from swap in 5 s`;
  },
  look: () => ({ timeoutSeconds: 300 }),
  truth: {
    first: ['swap-thrashing', 'memory-exhausted'],
    allowed: ['swap-thrashing', 'memory-exhausted', 'disk-saturated', 'hung-tasks', 'cpu-saturated'],
    symptoms: ['memory-pressure'],
    never: ['disk-slow', 'disk-failing', 'iowait-meter-wrong'],
  },
});
