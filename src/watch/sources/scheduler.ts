import { fnv1a } from '../../lib/fnv1a.ts';
import type { WatchClock } from './clock.ts';

/** Something that is done again and again. */
export interface RecurringTask {
  /** Unique; the moment within the interval follows from it. */
  readonly name: string;
  readonly intervalMs: number;
  /** One look. `dueMs` is when it was due. It has to end by itself in reasonable time; the signal says that nobody waits any longer. */
  readonly run: (dueMs: number, signal: AbortSignal) => Promise<void>;
}

export interface TaskCounts {
  readonly started: number;
  readonly failed: number;
  /** Times at which it was not started, since the one before was not done, or the machine stood still. */
  readonly skipped: number;
}

export interface SchedulerOptions {
  readonly clock: WatchClock;
  /** Looks at the same time. Targets whose last look failed or took long have half of these at most, so that they cannot hold up the others. Default 64. */
  readonly maxRunning?: number;
  /** A task must not throw; what it throws all the same comes here. */
  readonly onError?: (name: string, error: unknown) => void;
}

interface Entry {
  readonly task: RecurringTask;
  readonly offsetMs: number;
  slot: number;
  state: 'idle' | 'waiting' | 'running';
  troubled: boolean;
  removed: boolean;
  cancel: () => void;
  counts: { started: number; failed: number; skipped: number };
}

/** FNV-1a, 32 bits, and a finalizer that mixes all bits (MurmurHash3's `fmix32`): names that differ in their last letter are spread as well. */
export function spreadHash(name: string): number {
  let hash = fnv1a(new TextEncoder().encode(name));
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/**
 * Runs many tasks, each at its own interval and at a moment within it that follows from its name, as Prometheus does: the load is even, and the moments are the same after a restart.
 * No task runs twice at the same time.
 */
export class Scheduler {
  readonly #options: SchedulerOptions;
  readonly #clock: WatchClock;
  readonly #maxRunning: number;
  readonly #entries = new Map<string, Entry>();
  readonly #aborting = new AbortController();
  readonly #running = new Set<Promise<void>>();
  #waiting: { readonly entry: Entry; readonly dueMs: number }[] = [];
  #troubledRunning = 0;
  #stopped = false;

  constructor(options: SchedulerOptions) {
    this.#options = options;
    this.#clock = options.clock;
    this.#maxRunning = Math.max(2, options.maxRunning ?? 64);
  }

  /** Begins with its next moment, not at once. */
  add(task: RecurringTask): void {
    if (this.#stopped) return;
    if (this.#entries.has(task.name)) throw new TypeError(`there is a task of this name: ${task.name}`);
    if (!(task.intervalMs >= 1)) throw new RangeError('an interval is longer than nothing');
    const entry: Entry = { task, offsetMs: spreadHash(task.name) % task.intervalMs, slot: 0, state: 'idle', troubled: false, removed: false, cancel: () => undefined, counts: { started: 0, failed: 0, skipped: 0 } };
    entry.slot = this.#slotNow(entry);
    this.#entries.set(task.name, entry);
    this.#arm(entry);
  }

  /** A look that runs is left to end. */
  remove(name: string): void {
    const entry = this.#entries.get(name);
    if (entry === undefined) return;
    entry.removed = true;
    entry.cancel();
    this.#entries.delete(name);
    this.#waiting = this.#waiting.filter((one) => one.entry !== entry);
  }

  counts(name: string): TaskCounts | undefined {
    const counts = this.#entries.get(name)?.counts;
    return counts && { ...counts };
  }

  get runningCount(): number {
    return this.#running.size;
  }

  /** Starts nothing any more, and waits for what runs; after `drainMs` it is told to end, and waited for no longer than as much again. */
  async stop(drainMs: number): Promise<void> {
    this.#stopped = true;
    for (const entry of this.#entries.values()) entry.cancel();
    this.#waiting = [];
    for (const wait of [drainMs, drainMs]) {
      if (this.#running.size === 0) return;
      let cancel = (): void => undefined;
      const timeout = new Promise<void>((resolve) => (cancel = this.#clock.after(wait, resolve)));
      await Promise.race([Promise.all(this.#running), timeout]);
      cancel();
      this.#aborting.abort();
    }
  }

  #slotNow(entry: Entry): number {
    return Math.floor((this.#clock.nowMs() - entry.offsetMs) / entry.task.intervalMs);
  }

  #arm(entry: Entry): void {
    const { intervalMs } = entry.task;
    const nowMs = this.#clock.nowMs();
    // A timer may fire a moment before its time; the same moment does not come again.
    const slot = this.#slotNow(entry) + (this.#slotNow(entry) + 1 === entry.slot ? 2 : 1);
    entry.cancel = this.#clock.after(slot * intervalMs + entry.offsetMs - nowMs, () => this.#due(entry, slot));
  }

  #due(entry: Entry, slot: number): void {
    const lost = Math.max(0, this.#slotNow(entry) - slot);
    // More than that is a clock that was set.
    if (lost < 1_000) entry.counts.skipped += lost;
    entry.slot = Math.max(slot, slot + lost);
    if (entry.state === 'idle') {
      entry.state = 'waiting';
      this.#waiting.push({ entry, dueMs: entry.slot * entry.task.intervalMs + entry.offsetMs });
    } else entry.counts.skipped += 1;
    this.#arm(entry);
    this.#startWaiting();
  }

  #startWaiting(): void {
    while (this.#running.size < this.#maxRunning) {
      const mayBeTroubled = this.#troubledRunning < Math.floor(this.#maxRunning / 2);
      const at = this.#waiting.findIndex(({ entry }) => mayBeTroubled || !entry.troubled);
      if (at < 0) return;
      const [next] = this.#waiting.splice(at, 1);
      this.#start(next!.entry, next!.dueMs);
    }
  }

  #start(entry: Entry, dueMs: number): void {
    const wasTroubled = entry.troubled;
    const startedMs = this.#clock.monotonicMs();
    entry.state = 'running';
    entry.counts.started += 1;
    if (wasTroubled) this.#troubledRunning += 1;
    const finish = async (): Promise<void> => {
      const failed = await this.#run(entry, dueMs);
      this.#running.delete(running);
      if (wasTroubled) this.#troubledRunning -= 1;
      if (failed) entry.counts.failed += 1;
      entry.troubled = failed || this.#clock.monotonicMs() - startedMs > entry.task.intervalMs / 4;
      entry.state = 'idle';
      if (!this.#stopped) this.#startWaiting();
    };
    const running = finish();
    this.#running.add(running);
  }

  async #run({ task }: Entry, dueMs: number): Promise<boolean> {
    try {
      await task.run(dueMs, this.#aborting.signal);
      return false;
    } catch (error) {
      this.#options.onError?.(task.name, error);
      return true;
    }
  }
}
