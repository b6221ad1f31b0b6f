import type { Change, Ledger } from '../define/change.ts';
import type { Onset } from '../define/onset.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** A change that brings trouble brings it at once in most cases, else with the work of the next nights: shares and mean delays. */
const delays = [
  { share: 0.7, meanMs: hourMs },
  { share: 0.3, meanMs: 3 * dayMs },
] as const;
/** Of the cases of a cause that a change can bring, the share that one did bring; the others came by themselves. */
const broughtShare = 0.5;
/** How often what is touched changes is counted over this time before the look, and one change more is taken as seen. */
const rateWindowMs = 60 * dayMs;
/** What a meeting in time alone can add at most: odds of eight. It never convicts. */
const mostOdds = 8;
/** Without a history: people look after trouble that began between five minutes and thirty days ago, each order of magnitude as often as another. */
const youngestMs = 5 * 60_000;
const oldestMs = 30 * dayMs;
const steps = 200;
/** Share of the delays between a change and the trouble that it brings that are at most so long. */
const delayShare = (delayMs: number): number => (delayMs < 0 ? 0 : delays.reduce((sum, { share, meanMs }) => sum - share * Math.expm1(-delayMs / meanMs), 0));
const densityAtOnce = delays.reduce((sum, { share, meanMs }) => sum + share / meanMs, 0);

/** Density (per millisecond) of trouble that begins at a moment, averaged over when the change may have come. While it is still under way, trouble is as likely as right after it. */
function densityAfter({ atMs: earliestMs, precisionMs, durationMs = 0 }: Change, begunMs: number): number {
  const latestMs = Math.min(earliestMs + Math.max(precisionMs, 1), begunMs);
  if (latestMs <= earliestMs) return 0;
  const overByMs = Math.min(Math.max(begunMs - durationMs, earliestMs), latestMs);
  const underWay = (latestMs - overByMs) * densityAtOnce;
  const afterwards = overByMs > earliestMs ? delayShare(begunMs - durationMs - earliestMs) - delayShare(begunMs - durationMs - overByMs) : 0;
  return (underWay + afterwards) / Math.max(precisionMs, 1);
}

/** Possible moments of the beginning with their probabilities. */
function moments(onset: Pick<Onset, 'fromMs' | 'toMs'> | undefined, nowMs: number): { readonly atMs: number; readonly weight: number }[] {
  return Array.from({ length: steps }, (_, index) => {
    const part = (index + 0.5) / steps;
    if (onset !== undefined) return { atMs: onset.fromMs + part * (onset.toMs - onset.fromMs), weight: 1 / steps };
    return { atMs: nowMs - youngestMs * (oldestMs / youngestMs) ** part, weight: 1 / steps };
  });
}

/**
 * How much likelier it is to see a change at this time if it brought the trouble than if both met by chance, as a likelihood ratio between 1 and 8: the density of the delay from the change to the beginning,
 * averaged over when that may have been, against how often such things change anyway (a Poisson process; the ratio is that of a self-exciting against a constant rate).
 */
export function oddsOfChange(change: Change, ledger: Ledger, onset: Pick<Onset, 'fromMs' | 'toMs'> | undefined): number {
  const touchesSame = (other: Change): boolean => other.components.some((component) => change.components.includes(component));
  const seen = ledger.changes.filter((other) => other.atMs >= ledger.nowMs - rateWindowMs && touchesSame(other)).length;
  const rate = (seen + 1) / rateWindowMs;
  const density = moments(onset, ledger.nowMs).reduce((sum, { atMs, weight }) => sum + weight * densityAfter(change, atMs), 0);
  const odds = 1 - broughtShare + broughtShare * (density / rate);
  return Math.min(mostOdds, Math.max(1, odds)) ** (change.clockUncertain === true ? 0.5 : 1);
}
