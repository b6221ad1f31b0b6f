import type { WatchClock } from './clock.ts';

/** For tests: time that moves only when told to, and then from timer to timer. */
export class SimulatedClock implements WatchClock {
  #now: number;
  #elapsed = 0;
  #timers: { readonly atMs: number; readonly order: number; readonly call: () => void }[] = [];
  #order = 0;

  constructor(nowMs: number) {
    this.#now = nowMs;
  }

  nowMs(): number {
    return this.#now;
  }

  monotonicMs(): number {
    return this.#elapsed;
  }

  after(delayMs: number, call: () => void): () => void {
    const timer = { atMs: this.#elapsed + Math.max(0, delayMs), order: this.#order, call };
    this.#order += 1;
    let at = this.#timers.length;
    while (at > 0 && this.#timers[at - 1]!.atMs > timer.atMs) at -= 1;
    this.#timers.splice(at, 0, timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** Sets the clock on the wall, and nothing else. */
  jump(byMs: number): void {
    this.#now += byMs;
  }

  /** Lets so much time pass; between two timers all that is ready goes on. */
  async advance(byMs: number): Promise<void> {
    const endMs = this.#elapsed + byMs;
    for (;;) {
      await settled();
      const next = this.#timers[0];
      if (next === undefined || next.atMs > endMs) break;
      this.#timers.shift();
      this.#move(next.atMs);
      next.call();
    }
    this.#move(endMs);
  }

  #move(toMs: number): void {
    this.#now += toMs - this.#elapsed;
    this.#elapsed = toMs;
  }
}

async function settled(): Promise<void> {
  for (let turns = 0; turns < 10; turns += 1) await Promise.resolve();
}
