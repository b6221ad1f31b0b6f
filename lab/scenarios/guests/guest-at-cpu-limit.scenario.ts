import { defineScenario } from '../../define.ts';
import { expectNoPool } from '../../loads/no-pool.ts';

export default defineScenario<{ readonly guest: string; readonly limit: number; readonly workers: number }>({
  name: 'guest-at-cpu-limit',
  subject: 'guests',
  kind: 'fault',
  why: 'A guest may use only a part of a processor and needs more: it is slow all the time while the host idles. Its limit is right.',
  weight: 'light',
  variants: { 'container-a-third': { guest: 'lxc/101', limit: 0.3, workers: 2 }, 'vm-a-half': { guest: 'qemu/100', limit: 0.5, workers: 3 } },
  zfs: false,
  inject: async (host, { guest, limit, workers }) => {
    await expectNoPool(host);
    await host.start('busy', `exec stress-ng --cpu ${workers} --cpu-method int64 -t 3000 -q`, { guest: `${guest} --cpu-limit ${limit}` });
  },
  settleSeconds: 25,
  check: async (host, { guest }) => {
    const folder = guest === 'lxc/101' ? 'lxc/101' : 'qemu.slice/100.scope';
    const read = async (): Promise<number> => Number((await host.run(`awk '$1 == "nr_throttled" { print $2 }' /sys/fs/cgroup/${folder}/cpu.stat`)).trim());
    const before = await read();
    await host.wait(3);
    const after = await read();
    return after - before > 15 ? undefined : `it was throttled ${after - before} times in 3 s`;
  },
  truth: ({ guest }) => ({ first: ['guest-cpu-limit'], objects: { 'guest-cpu-limit': guest }, never: ['guest-cpu-hog', 'cpu-saturated'] }),
});
