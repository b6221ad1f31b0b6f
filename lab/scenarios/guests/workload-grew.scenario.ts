import { defineScenario } from '../../define.ts';
import { expectNoPool } from '../../loads/no-pool.ts';

export default defineScenario<{ readonly guests: readonly string[]; readonly workers: number }>({
  name: 'workload-grew',
  subject: 'guests',
  kind: 'control',
  why: 'Several guests have work, each its fair share, and together it is more than the processors can do. Nobody misbehaves and nothing is broken: it is simply too much. Only the load itself may be named.',
  weight: 'heavy',
  variants: { 'three-guests': { guests: ['qemu/100', 'qemu/103', 'lxc/101'], workers: 2 }, 'four-guests': { guests: ['qemu/100', 'qemu/103', 'lxc/101', 'lxc/102'], workers: 1 } },
  zfs: false,
  inject: async (host, { guests, workers }) => {
    await expectNoPool(host);
    for (const guest of guests) await host.start(`work-${guest.replace('/', '')}`, `exec stress-ng --cpu ${workers} --cpu-method int64 -t 3000 -q`, { guest });
  },
  settleSeconds: 30,
  check: async (host) => {
    const some = Number(/some avg10=([\d.]+)/.exec(await host.run('cat /proc/pressure/cpu'))?.[1] ?? 0);
    return some > 20 ? undefined : `CPU pressure is only ${some} %`;
  },
  truth: { first: [], allowed: ['cpu-saturated', 'workload-grew'], status: ['healthy', 'suspected', 'identified'], never: ['guest-cpu-hog'] },
});
