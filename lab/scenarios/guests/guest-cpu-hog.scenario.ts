import { defineScenario } from '../../define.ts';
import { expectNoPool } from '../../loads/no-pool.ts';

export default defineScenario<{ readonly guest: string; readonly workers: number }>({
  name: 'guest-cpu-hog',
  subject: 'guests',
  kind: 'fault',
  why: 'One guest takes all the processors while another wants a little and gets it late. The guest that takes is right, not the one that waits, and not the host.',
  weight: 'heavy',
  variants: { 'vm-six-workers': { guest: 'qemu/103', workers: 6 }, 'container-eight-workers': { guest: 'lxc/102', workers: 8 } },
  zfs: false,
  inject: async (host, { guest, workers }) => {
    await expectNoPool(host);
    await host.start('victim', 'work() { while :; do head -c 100000 /dev/urandom | gzip -1 >/dev/null; sleep 0.5; done; }; work & work & work', { guest: 'qemu/100' });
    await host.start('hog', `exec stress-ng --cpu ${workers} --cpu-method int64 -t 3000 -q`, { guest });
  },
  // Averages of pressure over a minute have to have seen it.
  settleSeconds: 75,
  check: async (host) => {
    const text = await host.run('cat /proc/pressure/cpu');
    const some = Number(/some avg10=([\d.]+)/.exec(text)?.[1] ?? 0);
    return some > 20 ? undefined : `CPU pressure is only ${some} %`;
  },
  truth: ({ guest }) => ({ first: ['guest-cpu-hog'], allowed: ['cpu-saturated', 'workload-grew'], objects: { 'guest-cpu-hog': guest }, never: ['cpu-steal', 'cpu-thermal-throttling'] }),
});
