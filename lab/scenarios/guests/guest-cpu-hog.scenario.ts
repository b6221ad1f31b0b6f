import { defineScenario } from '../../define.ts';
import { hogAndVictim, hogIsThere } from '../../loads/hog-and-victim.ts';
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
    await hogAndVictim(host, { guest, workers });
  },
  // Averages of pressure over a minute have to have seen it.
  settleSeconds: 75,
  check: (host, { guest }) => hogIsThere(host, guest),
  truth: ({ guest }) => ({ first: ['guest-cpu-hog'], allowed: ['cpu-saturated', 'workload-grew'], objects: { 'guest-cpu-hog': guest }, never: ['cpu-steal', 'cpu-thermal-throttling'] }),
});
