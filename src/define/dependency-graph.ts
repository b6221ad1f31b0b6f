/** How much a thing did, and how long each piece of it took. */
export interface Load {
  /** Requests, bytes or CPU seconds for each second; the same unit for all that depend on the same things. */
  readonly workPerSecond: number;
  /** Mean time that one of them took, in seconds: latency of requests, or time waited for each second that ran. Left out where it is not known. */
  readonly secondsEach?: number;
}

/** One thing in one role, before the onset and since: the disk requests of a guest, a zvol, a pool, a disk; the CPU time of a guest, the CPUs of the host. */
export interface DependencyNode {
  /** Unique; best as objects are written in reports: `qemu/100`, `storage/tank`, `disk/…`. */
  readonly id: string;
  /** What waits for these to do its work. */
  readonly dependsOn: readonly string[];
  readonly before: Load;
  readonly after: Load;
}
