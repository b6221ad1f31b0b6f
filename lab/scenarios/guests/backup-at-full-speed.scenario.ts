import { defineScenario } from '../../define.ts';
import { backup } from '../../loads/backup.ts';
import { idleNight } from '../../loads/idle-night.ts';
import { fill, makeContainerDisk, makePool, makeVmDisk } from '../../loads/pool.ts';

export default defineScenario<{ readonly guests: readonly number[] }>({
  name: 'backup-at-full-speed',
  subject: 'guests',
  kind: 'control',
  why: 'The nightly backup runs without a limit, as quickly as zstd can pack, on disks that have time; the guests do next to nothing at night. It takes most of a processor, which nobody else wants. Healthy; where the meters show a busy processor, the backup or the busy processor may be named, for that is what it is.',
  weight: 'heavy',
  variants: { 'one-vm': { guests: [100] }, 'vm-and-container': { guests: [100, 101] } },
  inject: async (host, { guests }) => {
    await makePool(host, { layout: 'mirror', disks: ['data1', 'data2'] });
    await fill(host, await makeVmDisk(host, 100), 300);
    if (guests.includes(101)) await fill(host, `${await makeContainerDisk(host, 101)}/archive`, 200);
    await idleNight(host, { guest: 'lxc/102' });
    await backup(host, { guests, to: '/dev/null' });
  },
  settleSeconds: 25,
  check: async (host) => {
    const text = await host.run('cat /var/log/pve/tasks/active; pgrep -c zstd || true');
    return /vzdump/.test(text) && /^[1-9]/m.test(text.trim().split('\n').at(-1) ?? '') ? undefined : `no backup runs: ${text}`;
  },
  truth: { first: [], status: ['healthy', 'suspected', 'identified'], allowed: ['backup-job-running', 'cpu-saturated'], never: ['guest-io-hog', 'guest-cpu-hog', 'disk-slow'] },
});
