import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { absent, unparsable } from '../../define/result.ts';
import { dumpedFiles } from '../../lib/host-text.ts';

const wanted = [
  'zfs_arc_max', 'zfs_arc_min', 'zfs_arc_shrinker_limit', 'zfs_bclone_enabled', 'zfs_dirty_data_max', 'zfs_dmu_offset_next_sync',
  'zfs_txg_timeout', 'zfs_vdev_scrub_max_active', 'zio_slow_io_ms', 'zvol_use_blk_mq', 'zfs_nocacheflush', 'zil_disable', 'zfs_vdev_async_write_max_active',
  'zfs_deadman_enabled', 'spa_slop_shift', 'zfs_prefetch_disable', 'zfs_vdev_max_active',
] as const;

/** /sys/module/zfs/parameters: the tunables that known issues ask for (zfs(4)). Whole numbers in the unit that the man page gives. */
export default defineProbe({
  id: 'zfs-parameters',
  title: 'ZFS tunables',
  subject: 'zfs',
  stage: 'early',
  sh: `[ -d /sys/module/zfs/parameters ] || absent 'ZFS is not loaded on this host'
cd /sys/module/zfs/parameters && dump ${wanted.join(' ')}`,
  maxBytes: 8192,
  schema: z.record(z.string(), z.number()),
  parse: (stdout) => {
    const values: Record<string, number> = {};
    for (const [name, text] of dumpedFiles(stdout)) {
      if ((wanted as readonly string[]).includes(name) && /^-?\d{1,20}$/.test(text.trim())) values[name] = Number(text.trim());
    }
    return Object.keys(values).length > 0 ? values : unparsable('no tunable');
  },
  examples: [
    {
      from: 'recorded',
      where: 'Debian 12, ZFS 2.1.11',
      stdout: '==> zfs_arc_max <==\n268435456\n==> zfs_arc_min <==\n0\n==> zfs_arc_shrinker_limit <==\n10000\n==> zfs_txg_timeout <==\n5\n',
      expect: { zfs_arc_max: 268435456, zfs_arc_min: 0, zfs_arc_shrinker_limit: 10000, zfs_txg_timeout: 5 },
    },
    {
      from: 'recorded',
      where: 'Debian 13, ZFS 2.3.9',
      stdout: '==> zfs_arc_max <==\n268435456\n==> zfs_arc_shrinker_limit <==\n0\n==> zfs_bclone_enabled <==\n1\n==> zvol_use_blk_mq <==\n0\n',
      expect: { zfs_bclone_enabled: 1, zvol_use_blk_mq: 0 },
    },
    { from: 'documented', where: 'what the fragment prints without ZFS', stdout: 'ZFS is not loaded on this host\n', exitStatus: 120, expect: absent('') },
    { from: 'documented', where: 'no file could be read', stdout: '', expect: 'unparsable' },
  ],
});
