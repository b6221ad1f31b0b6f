import type { Series } from '../define/series.ts';
import { median } from '../lib/averages.ts';
import { movedForGood, type Moved } from './first-moved.ts';
import { meaningOf } from './metric-directions.ts';
import { changeSentence } from './metric-sentence.ts';
import { averagedBy, comparable, part, stepMs, type Samples } from './rates.ts';
import { learnUsual } from './usual-range.ts';

/** Where the trouble lies in the series: history before `onsetMs`, trouble from then until `untilMs`. */
export interface OnsetWindow {
  readonly onsetMs: number;
  /** Exclusive; without it, to the end. */
  readonly untilMs?: number;
}

export interface MetricChange {
  readonly series: Pick<Series, 'metric' | 'labels'>;
  /** So many of its usual spreads the metric went from what is usual, at most, in a direction that is bad for it; 0 to about 33. */
  readonly score: number;
  readonly direction: 'up' | 'down';
  /** What would be usual at these hours, and the median since the onset. A counter's is a rate in 1/s. */
  readonly before: number;
  readonly after: number;
  /** Signed: so many of the usual spreads from what is usual; undefined where the metric never moved before. */
  readonly timesSpread: number | undefined;
  /** When it left its usual range for good; undefined if it came back. */
  readonly moved: Moved | undefined;
  readonly sentence: string;
}

const indexOfMost = (values: readonly number[]): number => values.reduce((best, value, index) => (value > values[best]! ? index : best), 0);

/** Learns from everything before `endMs` what is usual for one metric, and measures what came after against it. Learning is the dear part: one learner may judge many windows. */
export function learnMetric(series: Series, endMs: number): (window: OnsetWindow) => MetricChange | undefined {
  const raw = comparable(series);
  const largest = raw.values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  // Between −1 and 1, so that squares and sums of huge values stay finite.
  const all: Samples = { timesMs: raw.timesMs, values: raw.values.map((value) => value / largest) };
  const meaning = meaningOf(series);
  const past = part(all, -Infinity, endMs);
  const pastStep = stepMs(past);
  const constant = past.values.every((value) => value === past.values[0]);
  const learnt = new Map<number, ReturnType<typeof learnUsual>>();
  return ({ onsetMs, untilMs = Infinity }) => {
    const since = part(all, onsetMs, untilMs);
    const steps = [pastStep, stepMs(since)] as const;
    // Samples of the finer step are averaged to the coarser one; a tenth of a difference is jitter.
    const step = Math.max(...steps) > 1.1 * Math.min(...steps) && Math.min(...steps) > 0 ? Math.max(...steps) : 0;
    const alike = (samples: Samples): Samples => (step === 0 ? samples : averagedBy(step, samples));
    if (!learnt.has(step)) learnt.set(step, learnUsual(alike(past)));
    const after = alike(since);
    const usual = learnt.get(step)?.(after.values);
    if (usual === undefined || after.values.length === 0) return undefined;

    const off = after.values.map((value, index) => usual.spreadsOff(after.timesMs[index]!, value));
    const [highest, lowest] = [indexOfMost(off), indexOfMost(off.map((spreads) => -spreads))];
    const direction = meaning.bad === 'both' ? (off[highest]! >= -off[lowest]! ? 'up' : 'down') : meaning.bad;
    const farthest = direction === 'up' ? highest : lowest;
    const expected = median(after.timesMs.map((timeMs) => usual.expectedAt(timeMs)))!;
    const figures = {
      before: expected * largest,
      after: median(after.values)! * largest,
      extreme: after.values[farthest]! * largest,
      timesSpread: constant ? undefined : median(off)!,
      extremeSpread: constant ? undefined : off[farthest]!,
    };
    const around = alike(part(all, onsetMs - Math.max(0, after.timesMs.at(-1)! - onsetMs), untilMs));
    return {
      series: { metric: series.metric, labels: series.labels },
      score: Math.max(0, direction === 'up' ? off[farthest]! : -off[farthest]!),
      direction,
      before: figures.before,
      after: figures.after,
      timesSpread: figures.timesSpread,
      moved: movedForGood(around, usual, direction),
      sentence: changeSentence(meaning, series.labels, figures),
    };
  };
}

const nameOf = ({ series }: MetricChange): string => JSON.stringify([series.metric, Object.entries(series.labels).toSorted()]);

/** The metrics of a host by how much they changed at the onset, most first. Those with too little history, or none since the onset, are left out. */
export function rankMetrics(all: readonly Series[], window: OnsetWindow): MetricChange[] {
  return all
    .map((series) => learnMetric(series, window.onsetMs)(window))
    .filter((change) => change !== undefined)
    .toSorted((a, b) => b.score - a.score || (nameOf(a) < nameOf(b) ? -1 : 1));
}

/** Less than so many spreads is no move, even if it lasts: a metric whose tails fall as a normal distribution's is that far off less than once in ten thousand samples. */
const scoreOfMove = 4;

/**
 * The changed metrics by when they left their usual range for good, earliest first. Where samples are far apart several may have been first: `first` are all of those that none was surely before.
 */
export function inOrderOfMove(changes: readonly MetricChange[]): { readonly ordered: readonly MetricChange[]; readonly first: readonly MetricChange[] } {
  const moved = changes.filter((change): change is MetricChange & { moved: Moved } => change.moved !== undefined && change.score >= scoreOfMove);
  const ordered = moved.toSorted((a, b) => a.moved.byMs - b.moved.byMs || a.moved.afterMs - b.moved.afterMs || b.score - a.score || (nameOf(a) < nameOf(b) ? -1 : 1));
  const earliest = ordered[0]?.moved.byMs ?? 0;
  return { ordered, first: ordered.filter(({ moved }) => moved.afterMs < earliest || moved.byMs === earliest) };
}
