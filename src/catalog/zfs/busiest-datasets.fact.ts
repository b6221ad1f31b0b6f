import { z } from 'zod';
import { defineFact } from '../../define/fact.ts';
import { optional } from '../../define/source.ts';
import { datasetOf } from './dataset.samples.ts';
import zfsDatasets from './zfs-datasets.probe.ts';
import zfsPoolKstats from './zfs-pool-kstats.probe.ts';
import zpoolStatus from './zpool-status.probe.ts';

const busiestSchema = z.object({
  object: z.string(),
  pool: z.string(),
  /** The file system or volume that most is written to, its settings as they are in effect. */
  name: z.string(),
  type: z.enum(['filesystem', 'volume']),
  blockSizeBytes: z.number().optional(),
  compression: z.string(),
  sync: z.string(),
  dedup: z.string(),
  encryption: z.string(),
  checksum: z.string().optional(),
  logBias: z.string().optional(),
  primaryCache: z.string().optional(),
  copies: z.number().optional(),
  /** Within the sampling window; 0 where nothing was written, and then it is the one that most was written to since it came into use. */
  writtenBytesPerSecond: z.number(),
  meanWriteBytes: z.number().optional(),
  raidz: z.boolean(),
});
export type BusiestDataset = z.infer<typeof busiestSchema>;

/** Whether the dataset that most is written to in a pool is encrypted: then what holds of it holds of encryption. */
export function isEncrypted(busiest: { readonly pools: readonly BusiestDataset[] } | undefined, object: string): boolean {
  return busiest?.pools.some((one) => one.object === object && one.encryption !== 'off') === true;
}

/** Whether no pool takes data at the moment, and what most was written to in this one is encrypted: threads that write all the same write out what came before, while writers are held up. */
export function writesOutEncrypted(busiest: { readonly pools: readonly BusiestDataset[] } | undefined, object: string): boolean {
  return isEncrypted(busiest, object) && busiest!.pools.every(({ writtenBytesPerSecond }) => writtenBytesPerSecond < 100_000);
}

/** Fewer writes say nothing of how large writes are. */
const enoughWrites = 20;

/** The dataset of each pool that most is written to, the pool with most to write first. */
export default defineFact({
  id: 'busiest-datasets',
  title: 'The busiest dataset of each ZFS pool',
  needs: { list: zfsDatasets, kstats: zfsPoolKstats, status: optional(zpoolStatus) },
  schema: z.object({ pools: z.array(busiestSchema) }),
  derive: ({ list, kstats, status }) => {
    const pools = kstats.second.pools.flatMap((pool): BusiestDataset[] => {
      const before = new Map(kstats.first.pools.find((one) => one.name === pool.name)?.datasets.map((one) => [one.name, one]));
      const inUse = pool.datasets.flatMap((now) => {
        const dataset = list.datasets.find((one) => one.name === now.name);
        if (dataset === undefined || dataset.keyStatus === 'unavailable') return [];
        const then = before.get(now.name);
        const bytes = then === undefined ? 0 : Math.max(0, now.writtenBytes - then.writtenBytes);
        const isNow = then !== undefined && bytes > 0 && now.writes - then.writes >= enoughWrites;
        const mean = isNow ? bytes / (now.writes - then.writes) : now.writes >= enoughWrites ? now.writtenBytes / now.writes : undefined;
        return [{ dataset, bytes, ever: now.writtenBytes, mean }];
      });
      const most = inUse.toSorted((a, b) => b.bytes - a.bytes || b.ever - a.ever)[0];
      if (most === undefined) return [];
      const { name, type, blockSizeBytes, compression, sync, dedup, encryption, checksum, logBias, primaryCache, copies } = most.dataset;
      return [
        {
          object: `storage/${pool.name}`,
          pool: pool.name,
          name,
          type,
          blockSizeBytes,
          compression,
          sync,
          dedup,
          encryption,
          checksum,
          logBias,
          primaryCache,
          copies,
          writtenBytesPerSecond: most.bytes / kstats.intervalSeconds,
          meanWriteBytes: most.mean,
          raidz: status?.pools.find((one) => one.name === pool.name)?.vdevs.some((vdev) => vdev.role === 'data' && /^d?raid/.test(vdev.name)) === true,
        },
      ];
    });
    return { pools: pools.toSorted((a, b) => b.writtenBytesPerSecond - a.writtenBytesPerSecond) };
  },
  examples: [
    {
      name: 'a database is written to, a file server is not',
      given: {
        list: { datasets: [datasetOf('tank/files'), datasetOf('tank/db', { blockSizeBytes: 1_048_576, sync: 'always', dedup: 'on' })] },
        kstats: { first: reading(1e9, 4e6, 1_000), second: reading(1e9, 8e6, 2_000), intervalSeconds: 4 },
      },
      expect: { pools: [{ object: 'storage/tank', name: 'tank/db', sync: 'always', dedup: 'on', writtenBytesPerSecond: 1e6, meanWriteBytes: 4_000, raidz: false }] },
    },
    {
      name: 'at rest, the one that most was written to before',
      given: {
        list: { datasets: [datasetOf('tank/files'), datasetOf('tank/db')] },
        kstats: { first: reading(1e9, 4e6, 1_000), second: reading(1e9, 4e6, 1_000), intervalSeconds: 4 },
      },
      expect: { pools: [{ name: 'tank/files', writtenBytesPerSecond: 0 }] },
    },
    {
      name: 'the only one is locked',
      given: { list: { datasets: [datasetOf('tank/db', { encryption: 'aes-256-gcm', keyStatus: 'unavailable' })] }, kstats: { first: reading(0, 0, 0), second: reading(0, 0, 0), intervalSeconds: 4 } },
      expect: { pools: [] },
    },
  ],
});

function reading(files: number, database: number, writes: number) {
  const of = (name: string, writtenBytes: number) => ({ name, reads: 0, readBytes: 0, writes, writtenBytes });
  return { pools: [{ name: 'tank', state: 'ONLINE', datasets: [of('tank/files', files), of('tank/db', database)], txgs: [] }] };
}
