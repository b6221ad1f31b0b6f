import { z } from 'zod';
import { defineFact } from '../../define/fact.ts';
import { optional } from '../../define/source.ts';
import diskActivity from '../disk/disk-activity.fact.ts';
import { activity, disk, during } from '../disk/disk-examples.ts';
import diskStats from '../disk/disk-stats.probe.ts';
import disks, { type Disk } from '../disk/disks.fact.ts';
import { datasetOf } from './dataset.samples.ts';
import zfsDatasets from './zfs-datasets.probe.ts';
import zfsPoolKstats from './zfs-pool-kstats.probe.ts';
import { healthyPool } from './zpool.samples.ts';
import zpoolStatus from './zpool-status.probe.ts';
import type { PoolStatus } from './zpool-status.schema.ts';

const writesSchema = z.object({
  object: z.string(),
  pool: z.string(),
  /** What programs and guests wrote, and what went to the disks for it, redundancy included. */
  datasetBytesPerSecond: z.number(),
  diskBytesPerSecond: z.number(),
  /** What the disks read meanwhile: it keeps them busy as well. */
  diskReadBytesPerSecond: z.number(),
  /** Bytes on disks for each byte written that the layout makes anyhow: 2 for a mirror of two, 1.5 for RAID-Z1 of three. */
  layoutFactor: z.number(),
  /** How much more than that was written: 1 is ideal. Within the window, and since boot; undefined where too little was written. */
  amplification: z.number().optional(),
  amplificationSinceBoot: z.number().optional(),
  busiestDiskPercent: z.number(),
  hasLog: z.boolean(),
  raidz: z.boolean(),
  /** Share of the bytes that were synchronous and went to the pool's ordinary disks first. */
  syncPercent: z.number().optional(),
  /** The dataset that most was written to, the mean size of its writes, and its block size. */
  mostWritten: z.object({ name: z.string(), meanWriteBytes: z.number(), isVolume: z.boolean().optional(), blockSizeBytes: z.number().optional() }).optional(),
});
export type PoolWrites = z.infer<typeof writesSchema>;

/** Below this, the pool's own housekeeping outweighs what is written. */
const enoughDatasetBytesPerSecond = 150_000;
const enoughBytesSinceBoot = 250e6;
/** More datasets than these are not read. */
const maxDatasets = 300;

function factorOf(status: PoolStatus | undefined): number {
  const factors = (status?.vdevs ?? []).filter((vdev) => vdev.role === 'data').map((vdev) => {
    const width = status?.leaves.filter((leaf) => leaf.vdev === vdev.name).length ?? 1;
    if (vdev.name.startsWith('mirror')) return Math.max(1, width);
    const parity = Number(/^raidz([123])/.exec(vdev.name)?.[1] ?? (vdev.name.startsWith('raidz') ? 1 : 0));
    return width > parity ? width / (width - parity) : 1;
  });
  return Math.max(1, ...factors);
}

/** Disks that serve this pool alone; undefined where one also serves something else. */
function disksOf(pool: string, list: readonly Disk[]): Disk[] | undefined {
  const own = list.filter((one) => one.uses.some((use) => use.pool === pool && use.role !== 'cache' && use.role !== 'spare'));
  return own.length > 0 && own.every((one) => one.uses.every((use) => use.pool === pool && use.role !== 'cache')) ? own : undefined;
}

/** What is written to each pool, and what its disks make of it. Copies that `zfs receive` writes are not counted by dataset. */
export default defineFact({
  id: 'pool-writes',
  title: 'Bytes written to ZFS pools and by their disks',
  needs: { kstats: zfsPoolKstats, stats: diskStats, activity: diskActivity, disks, status: zpoolStatus, list: optional(zfsDatasets) },
  schema: z.object({ pools: z.array(writesSchema) }),
  derive: ({ kstats, stats, activity: { devices }, disks: { disks: known }, status, list }) => {
    const pools = kstats.second.pools.flatMap((pool): PoolWrites[] => {
      const own = disksOf(pool.name, known);
      const before = new Map(kstats.first.pools.find((one) => one.name === pool.name)?.datasets.map((one) => [one.name, one]));
      const told = status.pools.find((one) => one.name === pool.name);
      if (own === undefined || told === undefined || pool.datasets.length === 0 || pool.datasets.length >= maxDatasets) return [];
      const grown = pool.datasets.flatMap((now) => {
        const then = before.get(now.name);
        const sync = then?.syncOnPoolBytes === undefined || now.syncOnPoolBytes === undefined ? undefined : Math.max(0, now.syncOnPoolBytes - then.syncOnPoolBytes);
        return then ? [{ name: now.name, bytes: Math.max(0, now.writtenBytes - then.writtenBytes), writes: Math.max(0, now.writes - then.writes), sync }] : [];
      });
      const windowBytes = grown.reduce((sum, one) => sum + one.bytes, 0);
      const ofDisks = devices.filter((device) => own.some((one) => one.name === device.name));
      const datasetBytesPerSecond = windowBytes / kstats.intervalSeconds;
      const diskBytesPerSecond = ofDisks.reduce((sum, device) => sum + device.writeBytesPerSecond, 0);
      const layoutFactor = factorOf(told);
      const bytesEver = pool.datasets.reduce((sum, one) => sum + one.writtenBytes, 0);
      const diskBytesEver = stats.second.devices.filter((device) => own.some((one) => one.name === device.name)).reduce((sum, device) => sum + device.writeSectors * 512, 0);
      const most = grown.toSorted((a, b) => b.bytes - a.bytes)[0];
      const dataset = list?.datasets.find((one) => one.name === most?.name);
      const isCounted = grown.length > 0 && grown.every((one) => one.sync !== undefined);
      return [
        {
          object: `storage/${pool.name}`,
          pool: pool.name,
          datasetBytesPerSecond,
          diskBytesPerSecond,
          diskReadBytesPerSecond: ofDisks.reduce((sum, device) => sum + device.readBytesPerSecond, 0),
          layoutFactor,
          ...(datasetBytesPerSecond >= enoughDatasetBytesPerSecond && { amplification: diskBytesPerSecond / datasetBytesPerSecond / layoutFactor }),
          ...(bytesEver >= enoughBytesSinceBoot && { amplificationSinceBoot: diskBytesEver / bytesEver / layoutFactor }),
          busiestDiskPercent: Math.max(0, ...ofDisks.map((device) => device.utilisationPercent)),
          hasLog: told.vdevs.some((vdev) => vdev.role === 'log'),
          raidz: told.vdevs.some((vdev) => vdev.role === 'data' && /^d?raid/.test(vdev.name)),
          ...(isCounted && windowBytes > 0 && { syncPercent: Math.min(100, (100 * grown.reduce((sum, one) => sum + (one.sync ?? 0), 0)) / windowBytes) }),
          ...(most !== undefined &&
            most.writes > 0 && {
              mostWritten: {
                name: most.name,
                meanWriteBytes: most.bytes / most.writes,
                ...(dataset && { isVolume: dataset.type === 'volume' }),
                ...(dataset?.blockSizeBytes !== undefined && { blockSizeBytes: dataset.blockSizeBytes }),
              },
            }),
        },
      ];
    });
    return { pools };
  },
  examples: [
    {
      name: 'small synchronous writes to records of 128 KiB on a mirror',
      given: {
        kstats: { first: reading(4e9, 0, 0), second: reading(4.02e9, 5_000, 2e7), intervalSeconds: 4 },
        stats: { first: counted(0), second: counted(2e8), intervalSeconds: 4 },
        activity: during(activity('sda', { writeBytesPerSecond: 8e7, utilisationPercent: 96 }), activity('sdb', { writeBytesPerSecond: 8e7, utilisationPercent: 91 })),
        disks: { disks: [disk('sda', { siblings: ['sdb'] }), disk('sdb', { siblings: ['sda'] })] },
        status: { pools: [healthyPool] },
        list: { datasets: [datasetOf('tank/db', { blockSizeBytes: 131_072 })] },
      },
      expect: {
        pools: [
          {
            object: 'storage/tank',
            datasetBytesPerSecond: 5e6,
            diskBytesPerSecond: 1.6e8,
            layoutFactor: 2,
            amplification: 16,
            busiestDiskPercent: 96,
            hasLog: false,
            raidz: false,
            syncPercent: 100,
            mostWritten: { name: 'tank/db', meanWriteBytes: 4_000, blockSizeBytes: 131_072 },
          },
        ],
      },
    },
    {
      name: 'a disk that serves two pools tells nothing about either',
      given: {
        kstats: { first: reading(0, 0, 0), second: reading(1e7, 100, 0), intervalSeconds: 4 },
        stats: { first: counted(0), second: counted(1), intervalSeconds: 4 },
        activity: during(activity('sda')),
        disks: { disks: [disk('sda', { uses: [{ pool: 'tank', vdev: 'mirror-0', role: 'data', errors: 0 }, { pool: 'rpool', vdev: 'mirror-0', role: 'data', errors: 0 }] })] },
        status: { pools: [healthyPool] },
      },
      expect: { pools: [] },
    },
  ],
});

function reading(writtenBytes: number, writes: number, syncOnPoolBytes: number) {
  return { pools: [{ name: 'tank', state: 'ONLINE', datasets: [{ name: 'tank/db', reads: 0, readBytes: 0, writes, writtenBytes, syncOnPoolBytes }], txgs: [] }] };
}

function counted(writeSectors: number) {
  const counters = { major: 8, minor: 0, reads: 0, readsMerged: 0, readSectors: 0, readMilliseconds: 0, writes: 0, writesMerged: 0, writeMilliseconds: 0, inFlight: 0, ioMilliseconds: 0, weightedMilliseconds: 0 };
  return { devices: ['sda', 'sdb'].map((name) => ({ ...counters, name, writeSectors })) };
}
