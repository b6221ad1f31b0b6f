/** Time as it is handed in, so that a simulated month runs in seconds. */
export interface WatchClock {
  /** Milliseconds since 1970, UTC; may jump. */
  nowMs(): number;
  /** Milliseconds since any fixed moment; never goes back. */
  monotonicMs(): number;
  /** Calls once after so many milliseconds, unless the returned function is called before. */
  after(delayMs: number, call: () => void): () => void;
}

/** Node's longest timer; a longer one would fire at once. */
const longestTimerMs = 2 ** 31 - 1;

export const systemClock: WatchClock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  after(delayMs, call) {
    const timer = setTimeout(call, Math.min(longestTimerMs, Math.max(0, delayMs)));
    return () => clearTimeout(timer);
  },
};
