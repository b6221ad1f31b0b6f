import { z } from 'zod';

const leafSchema = z.object({
  /** As zpool prints it: a path (`/dev/disk/by-id/ata-…-part1`, `/dev/sdb1`), or a bare number for a missing device. */
  path: z.string(),
  /** The top-level vdev that it is part of: `mirror-0`, `raidz1-0`, or its own path. */
  vdev: z.string(),
  /** `data`, `log`, `cache`, `spare`, `special`, `dedup`. */
  role: z.string(),
  state: z.string(),
  readErrors: z.number(),
  writeErrors: z.number(),
  checksumErrors: z.number(),
  /** I/Os that took longer than zio_slow_io_ms (30 s). */
  slowIos: z.number(),
  note: z.string(),
  /** Of a TRIM that was started by hand or by a timer, not of `autotrim`; undefined where the tool did not say. */
  trim: z.enum(['running', 'suspended', 'none']).optional(),
  trimPercentDone: z.number().optional(),
});

const scanSchema = z.object({
  kind: z.enum(['scrub', 'resilver']),
  state: z.enum(['running', 'paused', 'finished', 'cancelled']),
  /** Share of the pool that has been dealt with. */
  percentDone: z.number().optional(),
  /** When it started or, if finished, ended; seconds since 1970 where the tool says so, else undefined. */
  atSeconds: z.number().optional(),
  errors: z.number(),
});

export const poolStatusSchema = z.object({
  name: z.string(),
  state: z.string(),
  /** The tool's own words on what is wrong; empty when nothing is. */
  status: z.string(),
  scan: scanSchema.optional(),
  /** Top-level vdevs: name, type, state. */
  vdevs: z.array(z.object({ name: z.string(), type: z.string(), state: z.string(), role: z.string() })),
  leaves: z.array(leafSchema),
  /** Number of files or objects with permanent errors. */
  dataErrors: z.number(),
});

export const zpoolStatusSchema = z.object({ pools: z.array(poolStatusSchema) });
export type PoolStatus = z.infer<typeof poolStatusSchema>;
export type PoolScan = z.infer<typeof scanSchema>;
