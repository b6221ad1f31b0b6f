import { z } from 'zod';
import { defineFact } from '../../define/fact.ts';
import filesystemUsage from './filesystem-usage.probe.ts';
import mounts from './mounts.probe.ts';
import { mountOf, usageOf } from './filesystem.samples.ts';

const filesystemSchema = z.object({
  object: z.string(),
  mountPoint: z.string(),
  device: z.string(),
  type: z.string(),
  sizeBytes: z.number(),
  availableBytes: z.number(),
  /** Of what ordinary users may fill, as df(1) counts: reserved blocks are neither used nor free. */
  usedPercent: z.number(),
  /** Free for nobody but root. */
  reservedBytes: z.number(),
  /** Left out where inodes are made on demand. */
  inodesUsedPercent: z.number().optional(),
  freeInodes: z.number().optional(),
});
export type FilesystemSpace = z.infer<typeof filesystemSchema>;
const schema = z.object({ filesystems: z.array(filesystemSchema) });

const tenth = (percent: number): number => Math.round(percent * 10) / 10;

/** Writable local file systems, fullest first. Read-only ones (images, installation media) are always full and left out, as are tiny ones. */
export default defineFact({
  id: 'filesystem-space',
  title: 'How full the local file systems are',
  needs: { usage: filesystemUsage, mounted: mounts },
  schema,
  derive: ({ usage, mounted }) => {
    const byPoint = new Map(mounted.mounts.map((mount) => [mount.mountPoint, mount]));
    const seen = new Set<string>();
    const filesystems = usage.filesystems.flatMap(({ mountPoint, sizeBytes, freeBytes, availableBytes, inodes, freeInodes }) => {
      const mount = byPoint.get(mountPoint);
      if (mount === undefined || seen.has(mountPoint) || sizeBytes < 4_000_000) return [];
      if (mount.options.includes('ro') || mount.superOptions.includes('ro')) return [];
      seen.add(mountPoint);
      const used = Math.max(0, sizeBytes - freeBytes);
      return [
        {
          object: `filesystem/${mountPoint}`,
          mountPoint,
          device: mount.device,
          type: mount.type,
          sizeBytes,
          availableBytes,
          usedPercent: used + availableBytes > 0 ? tenth((100 * used) / (used + availableBytes)) : 0,
          reservedBytes: Math.max(0, freeBytes - availableBytes),
          ...(inodes > 0 && mount.type !== 'btrfs' ? { inodesUsedPercent: tenth((100 * Math.max(0, inodes - freeInodes)) / inodes), freeInodes } : {}),
        },
      ];
    });
    return { filesystems: filesystems.toSorted((a, b) => b.usedPercent - a.usedPercent) };
  },
  examples: [
    {
      name: 'a full root with blocks reserved for root, a bound folder and an image',
      given: {
        usage: {
          filesystems: [
            usageOf('/', 100e9, { freeBytes: 5e9, availableBytes: 0 }),
            usageOf('/var/log', 10e9, { freeBytes: 9e9, inodes: 1000, freeInodes: 10 }),
            usageOf('/media/iso', 4e9, { freeBytes: 0 }),
          ],
        },
        mounted: { mounts: [mountOf('/', {}), mountOf('/var/log', {}), mountOf('/media/iso', { type: 'iso9660', superOptions: ['ro'] })] },
      },
      expect: {
        filesystems: [
          { object: 'filesystem//', usedPercent: 100, availableBytes: 0, reservedBytes: 5e9 },
          { object: 'filesystem//var/log', usedPercent: 10, inodesUsedPercent: 99, freeInodes: 10 },
        ],
      },
    },
    { name: 'mounts could not be read', given: { usage: { filesystems: [] } }, expect: 'connection-lost' },
  ],
});
