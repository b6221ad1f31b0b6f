import { defineScenario } from '../../define.ts';
import { pool } from '../disk/disks.ts';

export default defineScenario<{ readonly layout: string; readonly bytesPerSecond: number }>({
  name: 'scrub-unnoticed',
  subject: 'zfs',
  kind: 'control',
  why: 'The monthly scrub runs at night on disks that nobody else uses. It is slow enough to last and hurts nobody: healthy.',
  weight: 'light',
  variants: { 'mirror': { layout: 'mirror /dev/vdb /dev/vdc', bytesPerSecond: 12_000_000 }, 'single': { layout: '/dev/vdb', bytesPerSecond: 8_000_000 } },
  inject: async (host, { layout, bytesPerSecond }) => {
    await pool(host, layout);
    await host.run('dd if=/dev/urandom of=/tank/archive bs=1M count=1000 status=none; sync', { timeoutSeconds: 240 });
    for (const id of ['data1', 'data2']) await host.throttle(id, { bytesPerSecond });
    await host.run('zpool scrub tank');
  },
  check: async (host) => (/scrub in progress/.test(await host.run('zpool status tank')) ? undefined : 'no scrub is in progress'),
  truth: { first: [], never: ['disk-slow'] },
});
