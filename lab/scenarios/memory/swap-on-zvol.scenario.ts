import { defineScenario } from '../../define.ts';
import { makePool } from '../../loads/pool.ts';
import { eater } from './eater.ts';

export default defineScenario<{ readonly mebibytesTooMany: number; readonly blockKib: number }>({
  name: 'swap-on-zvol',
  subject: 'memory',
  kind: 'fault',
  why: 'Swap lies on a zvol, and memory is short: to free memory ZFS needs memory. Machines stand still for seconds or for good in this. That swap is on a zvol is right; memory that is short is part of it.',
  weight: 'light',
  variants: { 'one-large-guest': { mebibytesTooMany: 150, blockKib: 4 }, 'block-of-sixteen': { mebibytesTooMany: 120, blockKib: 16 } },
  inject: async (host, { mebibytesTooMany, blockKib }) => {
    await makePool(host, { layout: 'single', disks: ['data1'] });
    await host.run(
      `zfs create -V 1G -b ${blockKib}k -o compression=zle -o sync=always -o primarycache=metadata tank/swap && udevadm settle -t 20 && mkswap /dev/zvol/tank/swap >/dev/null && swapon /dev/zvol/tank/swap`,
      { timeoutSeconds: 90 },
    );
    await host.throttle('data1', { operationsPerSecond: 1500 });
    const available = Number(await host.run("awk '$1 == \"MemAvailable:\" { print int($2 / 1024) }' /proc/meminfo"));
    await host.start('guest100', eater(available + mebibytesTooMany, { mibPerSecond: 60, touches: 300 }), { guest: 'qemu/100' });
  },
  settleSeconds: 35,
  check: async (host) => {
    // How quickly a guest takes its memory depends on how quick the machine below is.
    const text = await host.run("out() { awk '$1 == \"pswpout\" { print $2 }' /proc/vmstat; }; for i in $(seq 75); do [ $(out) -gt 5000 ] && break; sleep 2; done; cat /proc/swaps; out", { timeoutSeconds: 240 });
    return /\/dev\/zd0/.test(text) && Number(text.trim().split('\n').at(-1)) > 5000 ? undefined : `swap is hardly used: ${text}`;
  },
  look: () => ({ timeoutSeconds: 300 }),
  truth: {
    first: ['swap-on-zvol', 'swap-thrashing', 'memory-exhausted'],
    among: ['swap-on-zvol'],
    allowed: ['swap-thrashing', 'memory-exhausted', 'hung-tasks', 'zfs-txg-stalled', 'cpu-saturated', 'disk-saturated', 'oom-kills'],
    never: ['disk-failing', 'disk-slow'],
  },
});
