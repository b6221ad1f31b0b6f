import { defineScenario } from '../../define.ts';
import { backup } from '../../loads/backup.ts';
import { fill, makePool, makeVmDisk } from '../../loads/pool.ts';

export default defineScenario<{ readonly bandwidthLimitKibPerSecond: number }>({
  name: 'backup-unnoticed',
  subject: 'guests',
  kind: 'control',
  why: 'The nightly backup runs with a limit on its bandwidth, on disks that have time. Nobody waits for it: healthy.',
  weight: 'light',
  variants: { 'with-limit': { bandwidthLimitKibPerSecond: 2048 } },
  inject: async (host, { bandwidthLimitKibPerSecond }) => {
    await makePool(host, { layout: 'mirror', disks: ['data1', 'data2'] });
    await fill(host, await makeVmDisk(host, 100), 300);
    await backup(host, { guests: [100], to: '/dev/null', bandwidthLimitKibPerSecond });
  },
  settleSeconds: 20,
  check: async (host) => (/vzdump/.test(await host.run('cat /var/log/pve/tasks/active')) ? undefined : 'no backup runs'),
  truth: { first: [], status: ['healthy'] },
});
