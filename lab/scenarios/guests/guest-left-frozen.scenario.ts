import { defineScenario } from '../../define.ts';
import { expectNoPool } from '../../loads/no-pool.ts';

export default defineScenario<{ readonly id: number; readonly freeze: string }>({
  name: 'guest-left-frozen',
  subject: 'guests',
  kind: 'fault',
  why: 'A backup or a snapshot stops all processes of a container for a moment; this time whoever did it died before it let them go on. The container is "running" and answers nothing. That it is frozen is right.',
  weight: 'light',
  variants: {
    'by-the-tool': { id: 101, freeze: 'lxc-freeze -n 101' },
    'in-its-inner-group': { id: 102, freeze: 'echo 1 >/sys/fs/cgroup/lxc/102/ns/cgroup.freeze' },
  },
  zfs: false,
  inject: async (host, { id, freeze }) => {
    await expectNoPool(host);
    await host.start('service', 'while :; do date >/tmp/last-answer; gzip -c /usr/bin/perl >/dev/null; sleep 1; done', { guest: `lxc/${id}` });
    await host.start('other', 'while :; do date >/tmp/other-answer; sleep 2; done', { guest: 'qemu/100' });
    await host.run(`for i in $(seq 60); do [ -d /sys/fs/cgroup/lxc/${id}/ns ] && break; sleep 0.5; done; sleep 5; ${freeze}`, { timeoutSeconds: 90 });
  },
  settleSeconds: 15,
  check: async (host, { id }) => (/frozen 1/.test(await host.run(`cat /sys/fs/cgroup/lxc/${id}/cgroup.events /sys/fs/cgroup/lxc/${id}/ns/cgroup.events`)) ? undefined : 'it is not frozen'),
  truth: ({ id }) => ({ first: ['guest-filesystem-frozen'], objects: { 'guest-filesystem-frozen': `lxc/${id}` }, symptoms: ['guest-down'] }),
});
