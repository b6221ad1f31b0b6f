import { defineScenario } from '../../define.ts';
import { ordinaryLoad, pool } from '../disk/disks.ts';

interface Variant {
  readonly layout: 'single' | 'mirror';
  /** What the disk frees and writes in a second; a large discard takes seconds. */
  readonly bytesPerSecond: number;
}

export default defineScenario<Variant>({
  name: 'zfs-trim-running',
  subject: 'zfs',
  kind: 'fault',
  why: 'The monthly TRIM of a pool runs on solid-state disks that answer nothing else while they work on a large discard, as many SATA disks do. A database on the pool waits. The TRIM is right; the disks are not slow by themselves.',
  weight: 'light',
  variants: { 'one-disk': { layout: 'single', bytesPerSecond: 40_000_000 }, 'mirror': { layout: 'mirror', bytesPerSecond: 60_000_000 } },
  inject: async (host, { layout, bytesPerSecond }) => {
    const ids = layout === 'mirror' ? ['SSDT0001', 'SSDT0002'] : ['SSDT0001'];
    const disks: string[] = [];
    for (const id of ids) disks.push(await host.addDisk({ id, sizeMib: 16_384, bus: 'scsi', rotationRate: 1, properties: { discard_granularity: 4096, logical_block_size: 512, physical_block_size: 4096 } }));
    await pool(host, `${layout === 'mirror' ? 'mirror' : ''} ${disks.join(' ')}`);
    await ordinaryLoad(host, '/tank', 1);
    await host.wait(10);
    for (const id of ids) await host.throttle(id, { bytesPerSecond });
    await host.run('zpool trim tank');
  },
  settleSeconds: 15,
  check: async (host) => {
    const text = await host.run('zpool status -t tank', { timeoutSeconds: 60 });
    return /\(\d+% trimmed, started|\(trimming\)/.test(text) ? undefined : text;
  },
  truth: {
    first: ['zfs-trim-running'],
    allowed: ['disk-saturated', 'zfs-txg-stalled'],
    objects: { 'zfs-trim-running': 'tank' },
    never: ['disk-slow', 'disk-failing', 'zfs-scrub-running'],
  },
});
