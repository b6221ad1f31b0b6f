import { defineScenario } from '../../define.ts';
import { differs } from './asking.ts';
import { addressOf, joinNetwork, lookThere } from './own-network.ts';

/** Every service stands still, as programs do that wait for a disk or for memory. */
const freeze = 'for group in user.slice system.slice; do echo 1 >/sys/fs/cgroup/$group/cgroup.freeze; done';
/** A program of real-time priority on each processor, with the kernel's safeties for the others switched off (the share that sched(7) names, and since Linux 6.12 the fair server). The kernel's own threads for the network stay above it, as on hosts that are made for real time. */
const spin = `echo -1 >/proc/sys/kernel/sched_rt_runtime_us
  mountpoint -q /sys/kernel/debug || mount -t debugfs debugfs /sys/kernel/debug
  for runtime in /sys/kernel/debug/sched/fair_server/cpu*/runtime; do [ ! -e "$runtime" ] || echo 0 >"$runtime"; done
  for thread in $(pgrep '^ksoftirqd/'); do chrt --fifo --pid 95 $thread; done
  for cpu in $(seq 0 $(($(nproc) - 1))); do chrt --fifo 90 taskset -c $cpu sh -c 'while :; do :; done' & done; wait`;

export default defineScenario<{ readonly how: string }>({
  name: 'programs-frozen',
  subject: 'reach',
  kind: 'fault',
  why: 'The kernel of the host runs, answers ping and accepts connections, but no program gets to answer: all of them stand still, or a program of real-time priority has taken every processor. The ssh server says no word. host-unresponsive is right, which says to wait before the host is reset, and the host is not down.',
  weight: 'heavy',
  variants: { 'services-stand-still': { how: freeze }, 'real-time-loop': { how: spin } },
  zfs: false,
  inject: async (host, { how }) => {
    await joinNetwork(host, 'switch');
    await host.start('hang', `sleep 2
${how}`);
  },
  check: (host) => differs(addressOf(host), { ping: true, ssh: 'connected', banner: '' }),
  look: lookThere,
  truth: { first: ['host-unresponsive'], status: ['unreachable'], symptoms: ['unreachable'], never: ['host-down'] },
});
