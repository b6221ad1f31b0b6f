import { defineScenario } from '../../define.ts';
import { makeGuestPool, mirror } from './guest-pool.ts';

export default defineScenario<number>({
  name: 'compile',
  subject: 'cpu',
  kind: 'control',
  why: 'Somebody compiles something large on the host, with more processes at a time than there are processors. That is honest work: what may be said is that the processors are at their limit, and nothing besides.',
  weight: 'heavy',
  variants: { 'six-at-a-time': 6 },
  inject: async (host, atATime) => {
    await makeGuestPool(host, { layout: mirror });
    await host.start(
      'compile',
      `export PYTHONPYCACHEPREFIX=/dev/shm/build
      while :; do find /usr/lib/python3* -name '*.py' -size +8k -print0 | xargs -0 -n 2 -P ${atATime} python3 -m py_compile; done`,
    );
  },
  settleSeconds: 30,
  check: async (host) => {
    const text = await host.run('ps -C python3 -o args= | grep -c py_compile; cut -d" " -f1 /proc/loadavg', { mayFail: true });
    const [compilers, load] = text.trim().split(/\s+/).map(Number);
    return (compilers ?? 0) >= 2 ? undefined : `only ${compilers} compilers run, at a load of ${load}`;
  },
  truth: { first: [], allowed: ['cpu-saturated'], status: ['healthy', 'suspected', 'identified'] },
});
