import { z } from 'zod';
import type { PoolScan, PoolStatus } from './zpool-status.schema.ts';

const count = z.coerce.number().nonnegative().catch(0);

interface JsonVdev {
  name: string;
  vdev_type: string;
  path?: string | undefined;
  state: string;
  class?: string | undefined;
  read_errors: number;
  write_errors: number;
  checksum_errors: number;
  slow_ios: number;
  was?: string | undefined;
  trim_state?: string | undefined;
  trimmed?: number | undefined;
  to_trim?: number | undefined;
  trim_notsup?: number | undefined;
  vdevs?: Record<string, JsonVdev> | undefined;
}

const vdevSchema: z.ZodType<JsonVdev> = z.lazy(() =>
  z.object({
    name: z.string(),
    vdev_type: z.string(),
    path: z.string().optional(),
    state: z.string(),
    class: z.string().optional(),
    read_errors: count,
    write_errors: count,
    checksum_errors: count,
    slow_ios: count,
    was: z.string().optional(),
    trim_state: z.string().optional().catch(undefined),
    trimmed: z.coerce.number().nonnegative().optional().catch(undefined),
    to_trim: z.coerce.number().nonnegative().optional().catch(undefined),
    trim_notsup: z.coerce.number().optional().catch(undefined),
    vdevs: z.record(z.string(), vdevSchema).optional(),
  }),
);

const group = z.record(z.string(), vdevSchema).optional();

const poolSchema = z.object({
  name: z.string(),
  state: z.string(),
  status: z.string().optional(),
  scan_stats: z
    .object({
      function: z.string(),
      state: z.string(),
      start_time: count,
      end_time: count,
      to_examine: count,
      issued: count,
      scrub_pause: count,
      errors: count,
    })
    .optional(),
  vdevs: group,
  logs: group,
  l2cache: group,
  spares: group,
  special: group,
  dedup: group,
  error_count: count,
});

/** `zpool status -j --json-int` of ZFS 2.3 and later. */
export const zpoolStatusJsonSchema = z.object({ pools: z.record(z.string(), poolSchema) });

type JsonPool = z.infer<typeof poolSchema>;

function scanOf(stats: JsonPool['scan_stats']): PoolScan | undefined {
  if (!stats || (stats.function !== 'SCRUB' && stats.function !== 'RESILVER')) return undefined;
  const running = stats.state === 'SCANNING';
  const states: Record<string, PoolScan['state']> = { FINISHED: 'finished', CANCELED: 'cancelled' };
  const state = running ? (stats.scrub_pause > 0 ? 'paused' : 'running') : states[stats.state];
  if (!state) return undefined;
  return {
    kind: stats.function === 'SCRUB' ? 'scrub' : 'resilver',
    state,
    percentDone: running && stats.to_examine > 0 ? Math.min(100, (100 * stats.issued) / stats.to_examine) : undefined,
    atSeconds: (running ? stats.start_time : stats.end_time) || undefined,
    errors: stats.errors,
  };
}

/** Printed with option -t; a device that cannot be trimmed has `trim_notsup` alone. */
function trimOf({ trim_state: state, trimmed, to_trim: toTrim, trim_notsup: notSupported }: JsonVdev): Pick<PoolStatus['leaves'][number], 'trim' | 'trimPercentDone'> {
  if (state === undefined) return notSupported === undefined ? {} : { trim: 'none' };
  if (state === 'SUSPENDED') return { trim: 'suspended' };
  if (state !== 'ACTIVE') return { trim: 'none' };
  return { trim: 'running', ...(trimmed !== undefined && toTrim !== undefined && toTrim > 0 && { trimPercentDone: Math.min(100, (100 * trimmed) / toTrim) }) };
}

const maxDepth = 8;

function leavesBelow(vdev: JsonVdev, top: string, role: string, depth: number): PoolStatus['leaves'] {
  const children = Object.values(vdev.vdevs ?? {});
  if (children.length > 0 && depth < maxDepth) return children.flatMap((child) => leavesBelow(child, top, role, depth + 1));
  return [
    {
      path: vdev.path ?? vdev.name,
      vdev: top,
      role,
      state: vdev.state,
      readErrors: vdev.read_errors,
      writeErrors: vdev.write_errors,
      checksumErrors: vdev.checksum_errors,
      slowIos: vdev.slow_ios,
      note: vdev.was ? `was ${vdev.was}` : '',
      ...trimOf(vdev),
    },
  ];
}

/** One pool of the JSON answer in our terms. */
export function poolOfJson(pool: JsonPool): PoolStatus {
  const roots = Object.values(pool.vdevs ?? {}).filter((vdev) => vdev.vdev_type === 'root');
  const groups: readonly (readonly [string, readonly JsonVdev[]])[] = [
    ['data', roots.flatMap((root) => Object.values(root.vdevs ?? {}))],
    ['log', Object.values(pool.logs ?? {})],
    ['cache', Object.values(pool.l2cache ?? {})],
    ['spare', Object.values(pool.spares ?? {})],
    ['special', Object.values(pool.special ?? {})],
    ['dedup', Object.values(pool.dedup ?? {})],
  ];
  return {
    name: pool.name,
    state: pool.state,
    status: (pool.status ?? '').replaceAll(/\s+/g, ' ').trim(),
    scan: scanOf(pool.scan_stats),
    vdevs: groups.flatMap(([role, tops]) => tops.map((top) => ({ name: top.name, type: top.vdev_type, state: top.state, role }))),
    leaves: groups.flatMap(([role, tops]) => tops.flatMap((top) => leavesBelow(top, top.name, role, 0))),
    dataErrors: pool.error_count,
  };
}
