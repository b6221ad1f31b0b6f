import { expectationOf } from './hour-of-day.ts';
import type { Samples } from './rates.ts';
import { quantileOfSorted, sorted, tailSpread } from './spread.ts';

/** Fewer values are no history. */
const fewestSamples = 8;
/** This share of the history lies beyond each end of the usual range. */
const beyondRange = 0.005;
/** No spread is less than this share of all that the metric ever spanned, so that one which hardly ever moved is at most some thirty spreads off. */
const leastShareOfSpan = 0.03;

/** What one metric usually is, learnt from its history. */
export interface UsualRange {
  expectedAt(timeMs: number): number;
  /** Spreads that a value lies above (+) or below (−) what is usual at that hour of the day. */
  spreadsOff(timeMs: number, value: number): number;
  /** The side on which a value is out of the usual range. */
  sideOf(timeMs: number, value: number): 'up' | 'down' | undefined;
}

/**
 * Learns what is usual for a metric: by the hour of the day where history shows that, and the spread around it. One spread is the geometric mean of how far values lie off at that hour and of
 * what the tails of the whole history ask for, so that neither a quiet hour nor rare leaps decide alone. Undefined for a history of fewer than eight samples. Values must be small
 * enough to be squared. What comes out also takes the values that are to be judged, since they may widen what the metric spans.
 */
export function learnUsual(history: Samples): ((judged: readonly number[]) => UsualRange) | undefined {
  if (history.values.length < fewestSamples) return undefined;
  const { at: expectedAt, spreadAt, residuals } = expectationOf(history);
  const ascending = sorted(residuals);
  const tails = tailSpread(ascending);
  const [low, high] = [quantileOfSorted(ascending, beyondRange), quantileOfSorted(ascending, 1 - beyondRange)];
  const span = (values: readonly number[], from: readonly [number, number]): readonly [number, number] =>
    values.reduce<readonly [number, number]>(([lowest, highest], value) => (value < lowest ? [value, highest] : value > highest ? [lowest, value] : [lowest, highest]), from);
  const known = span(history.values, [Infinity, -Infinity]);
  return (judged) => {
    const [lowest, highest] = span(judged, known);
    const least = leastShareOfSpan * (highest - lowest);
    const spreadsOff = (timeMs: number, value: number): number => (value - expectedAt(timeMs)) / (Math.sqrt(Math.max(spreadAt(timeMs), least) * Math.max(tails, least)) || 1);
    const sideOf = (timeMs: number, value: number): 'up' | 'down' | undefined => {
      const off = value - expectedAt(timeMs);
      return off > high ? 'up' : off < low ? 'down' : undefined;
    };
    return { expectedAt, spreadsOff, sideOf };
  };
}
