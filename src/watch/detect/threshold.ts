import { intervalOf, resolution, type DetectorState } from './detector.ts';
import { outlookAt, seasonOf, spreadAt, type Season } from './expectation.ts';
import { defaultDetectorSettings } from './settings.ts';
import { fitTail, forLimits } from './tail.ts';

const monthMs = 30 * 86_400_000;
/** A tail that was learnt from less than this many blocks gives no threshold. */
const fewestBlocks = 24;

/** The limit for one side of a metric at one time, to draw beside its curve and to hold values against. */
export interface Threshold {
  /** Infinite (towards the bad side) as long as too little is known. */
  readonly limit: number;
  /** What is usual then. */
  readonly expected: number;
  /** What the usual was foretold by. */
  readonly season: Season;
  /** How long was learnt, in months of data at the present interval; a rate below one in so long is extrapolated. */
  readonly learntMonths: number;
}

/** Share of blocks that may be beyond the limit by chance, for so many false alarms a month. */
function shareOf(state: DetectorState, falseAlarmsPerMonth: number, blockSamples: number): number | undefined {
  const intervalMs = intervalOf(state);
  return intervalMs === undefined ? undefined : (falseAlarmsPerMonth * blockSamples * intervalMs) / monthMs;
}

/**
 * The limits that a metric without trouble crosses so many times a month on that side (an alarm is a block of samples with at least one beyond): what is usual at that hour of the week plus as many
 * spreads as the tail of its own history asks for (peaks over a threshold, `tail.ts`). The function gives the limit at a time, from what is known now; undefined before the first sample.
 */
export function thresholdsOf(state: DetectorState, side: 'above' | 'below', falseAlarmsPerMonth = 1, blockSamples = defaultDetectorSettings.blockSamples): (atMs: number) => Threshold | undefined {
  const [tail, share] = [fitTail(state.limitTails[side], resolution, forLimits), shareOf(state, falseAlarmsPerMonth, blockSamples)];
  const isKnown = share !== undefined && tail.blocks >= fewestBlocks;
  const spreads = isKnown ? tail.valueFor(Math.min(share, 1)) + resolution : Infinity;
  const sign = side === 'above' ? 1 : -1;
  const learntMonths = share === undefined ? 0 : (tail.blocks * share) / falseAlarmsPerMonth;
  const season = seasonOf(state.expectation);
  return (atMs) => {
    const expected = outlookAt(state.expectation, atMs);
    return expected === undefined ? undefined : { limit: expected + sign * spreads * spreadAt(state.expectation, atMs, expected), expected, season, learntMonths };
  };
}
