import { z } from 'zod';
import { defineFact } from '../../define/fact.ts';
import { absent } from '../../define/result.ts';
import { optional } from '../../define/source.ts';
import zfsParameters from './zfs-parameters.probe.ts';
import zfsPoolKstats from './zfs-pool-kstats.probe.ts';
import { healthyPool, kstatsOf, listOf } from './zpool.samples.ts';
import zpoolList from './zpool-list.probe.ts';
import zpoolStatus from './zpool-status.probe.ts';
import { poolStatusSchema } from './zpool-status.schema.ts';

const schema = z.object({
  pools: z.array(
    z.object({
      object: z.string(),
      name: z.string(),
      /** As the kernel keeps it without a lock, or as zpool says. */
      state: z.string(),
      suspended: z.boolean(),
      /** What zpool status says; undefined where it was not asked, since it would hang. */
      status: poolStatusSchema.optional(),
      capacityPercent: z.number().optional(),
      freeBytes: z.number().optional(),
      sizeBytes: z.number().optional(),
      fragmentationPercent: z.number().optional(),
      dedupRatio: z.number().optional(),
      /** Sector size that the pool was told to use, as a power of two. */
      ashift: z.number().optional(),
      autotrim: z.boolean().optional(),
      /** Longest time that writing one of the newest transaction groups out took. */
      longestSyncMs: z.number().optional(),
      /** Most that one of the newest transaction groups had in memory, in percent of what ZFS allows (zfs_dirty_data_max in zfs(4)); writers are slowed down from 60 % on. */
      dirtyPercent: z.number().optional(),
      /** One transaction group was being written out during the whole sampling window. */
      syncStuck: z.boolean(),
    }),
  ),
});

/** ZFS pools, from whatever could be asked. */
export default defineFact({
  id: 'zpools',
  title: 'ZFS pools',
  needs: { kstats: zfsPoolKstats, status: optional(zpoolStatus), list: optional(zpoolList), parameters: optional(zfsParameters) },
  schema,
  derive: ({ kstats, status, list, parameters }) => {
    const pools = kstats.second.pools.map((pool) => {
      const before = kstats.first.pools.find((one) => one.name === pool.name);
      const told = status?.pools.find((one) => one.name === pool.name);
      const listed = list?.pools.find((one) => one.name === pool.name);
      const syncing = pool.txgs.find((txg) => txg.state === 'S')?.txg;
      const dirtyMax = parameters?.['zfs_dirty_data_max'] ?? 0;
      const finished = pool.txgs.filter((txg) => txg.state === 'C').map((txg) => txg.syncMs);
      return {
        object: `storage/${pool.name}`,
        name: pool.name,
        state: pool.state === 'unknown' ? (told?.state ?? 'unknown') : pool.state,
        suspended: pool.state === 'SUSPENDED',
        status: told,
        capacityPercent: listed?.capacityPercent,
        freeBytes: listed?.freeBytes,
        sizeBytes: listed?.sizeBytes,
        fragmentationPercent: listed?.fragmentationPercent,
        dedupRatio: listed?.dedupRatio,
        // 0: each vdev chose for itself.
        ashift: listed?.ashift || undefined,
        autotrim: listed?.autotrim,
        longestSyncMs: finished.length > 0 ? Math.max(...finished) : undefined,
        dirtyPercent: dirtyMax > 0 && pool.txgs.length > 0 ? Math.round((100 * Math.max(...pool.txgs.map((txg) => txg.dirtyBytes ?? 0))) / dirtyMax) : undefined,
        syncStuck: syncing !== undefined && before?.txgs.some((txg) => txg.state === 'S' && txg.txg === syncing) === true,
      };
    });
    return pools.length > 0 ? { pools } : absent('no ZFS pool is imported');
  },
  examples: [
    {
      name: 'a healthy pool',
      given: { kstats: kstatsOf('ONLINE'), status: { pools: [healthyPool] }, list: listOf(40) },
      expect: { pools: [{ object: 'storage/tank', state: 'ONLINE', suspended: false, capacityPercent: 40, ashift: 12, longestSyncMs: 120, syncStuck: false }] },
    },
    {
      name: 'a suspended pool, of which only the kernel tells; a group is stuck',
      given: { kstats: kstatsOf('SUSPENDED', true) },
      expect: { pools: [{ suspended: true, syncStuck: true }] },
    },
  ],
});
