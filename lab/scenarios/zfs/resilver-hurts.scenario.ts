import { defineScenario } from '../../define.ts';
import { mechanicalDisk, ordinaryLoad, pool } from '../disk/disks.ts';

export default defineScenario<{ readonly layout: 'mirror' | 'raidz1'; readonly bytesPerSecond: number }>({
  name: 'resilver-hurts',
  subject: 'zfs',
  kind: 'fault',
  why: 'A disk was replaced and the pool rebuilds onto the new one, while a database wants to write. The old disks read and the new one writes as much as they can. The rebuild is right; that the members differ in pace is its nature and no sign of a slow disk.',
  weight: 'light',
  variants: { 'mirror': { layout: 'mirror', bytesPerSecond: 2_500_000 }, 'raidz': { layout: 'raidz1', bytesPerSecond: 2_000_000 } },
  inject: async (host, { layout, bytesPerSecond }) => {
    const ids = ['WDH0001', 'WDH0002', ...(layout === 'raidz1' ? ['WDH0003'] : [])];
    const disks: string[] = [];
    for (const id of ids) disks.push(await host.addDisk(mechanicalDisk(id)));
    const fresh = await host.addDisk(mechanicalDisk('WDH0009'));
    await pool(host, `${layout} ${disks.join(' ')}`);
    await host.run('dd if=/dev/urandom of=/tank/archive bs=1M count=500 status=none; sync', { timeoutSeconds: 240 });
    for (const id of [...ids, 'WDH0009']) await host.throttle(id, { bytesPerSecond });
    await ordinaryLoad(host, '/tank', 1);
    await host.run(`zpool replace -f tank ${disks[0]!.slice(5)} ${fresh.slice(5)}`, { timeoutSeconds: 120 });
  },
  settleSeconds: 15,
  check: async (host) => {
    const status = await host.run('zpool status tank', { timeoutSeconds: 60 });
    return /resilver in progress/.test(status) ? undefined : 'no resilver is in progress';
  },
  truth: {
    first: ['zfs-resilver-running'],
    allowed: ['disk-saturated', 'zfs-txg-stalled', 'zpool-degraded'],
    never: ['disk-slow', 'disk-failing'],
    objects: { 'zfs-resilver-running': 'tank' },
  },
});
