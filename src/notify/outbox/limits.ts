/** How much a channel is given, and how long it may take. */
export interface DeliveryLimits {
  /** A delivery that takes longer is given up and tried again later. */
  readonly timeoutMs: number;
  /** For so long more is awaited before something new is delivered. */
  readonly gatherMs: number;
  /** While more keeps coming in a storm, it is gathered no longer than this. */
  readonly gatherMostMs: number;
  /** Several notifications of one incident that wait become the newest of them, and more than so many incidents one digest, at most one in `everyMs`. Without it each is delivered by itself. */
  readonly digest?: { readonly above: number; readonly everyMs: number } | undefined;
  /** At most so many deliveries within any such time. */
  readonly rate?: { readonly deliveries: number; readonly perMs: number } | undefined;
}

export interface RetryLimits {
  readonly firstMs: number;
  readonly mostMs: number;
  /** A receiver that fails holds up its whole channel, but no longer than this at a time. */
  readonly channelMostMs: number;
  readonly giveUpAfterMs: number;
  /** More than this for one channel, and the oldest are given up. */
  readonly mostWaiting: number;
}

export const usualRetry: RetryLimits = { firstMs: 5_000, mostMs: 300_000, channelMostMs: 60_000, giveUpAfterMs: 3 * 86_400_000, mostWaiting: 10_000 };

/**
 * Time to wait after so many failures in a row: doubled with each up to the most, of which a half is left to chance, so that many that failed together do not come back together
 * (M. Brooker, "Exponential Backoff And Jitter", 2015: equal jitter). `random` gives 0 up to 1.
 */
export function backOffMs(failures: number, firstMs: number, mostMs: number, random: () => number): number {
  const whole = Math.min(mostMs, firstMs * 2 ** Math.min(40, Math.max(0, failures - 1)));
  return whole / 2 + (whole / 2) * random();
}
