import { z } from 'zod';

/**
 * What a load from before the trouble is taken from: samples that somebody kept; the mean since the boot or since the guest's start, by counters; `not running`: the guest was started a moment ago.
 */
export const beforeSources = ['history', 'since boot', 'since its start', 'not running'] as const;
export type BeforeSource = (typeof beforeSources)[number];

/** How much a thing did, and how long each piece of it took. */
export interface Load {
  /** Requests, bytes or CPU seconds for each second; the same unit for all that depend on the same things. */
  readonly workPerSecond: number;
  /** Mean time that one of them took, in seconds: latency of requests, or time waited for each second that ran. Left out where it is not known. */
  readonly secondsEach?: number | undefined;
  /** Share of the time in which it had something to do, 0 to 1. Left out where it is not known. */
  readonly busyShare?: number | undefined;
}

/** One thing in one role, before the onset and since: the disk requests of a guest, a zvol, a pool, a disk; the CPU time of a guest, the CPUs of the host. */
export interface DependencyNode {
  /** Unique; best as objects are written in reports: `qemu/100`, `storage/tank`, `disk/…`. */
  readonly id: string;
  /** What waits for these to do its work. */
  readonly dependsOn: readonly string[];
  readonly before: Load;
  readonly after: Load;
  readonly beforeFrom?: BeforeSource | undefined;
}

const amount = z.number().nonnegative();
const loadSchema = z.object({ workPerSecond: amount, secondsEach: amount.optional(), busyShare: amount.max(1).optional() });

/** The shape of a node for what facts hand on. */
export const dependencyNodeSchema: z.ZodType<DependencyNode> = z.object({
  id: z.string(),
  dependsOn: z.array(z.string()),
  before: loadSchema,
  after: loadSchema,
  beforeFrom: z.enum(beforeSources).optional(),
});
