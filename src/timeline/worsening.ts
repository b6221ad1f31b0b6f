import type { Onset } from '../define/onset.ts';
import type { Series } from '../define/series.ts';
import { combineOnsets } from './joint-onset.ts';
import { meaningOf } from './metric-directions.ts';
import { rankMetrics } from './metric-ranking.ts';
import { findOnset, type Onset as SeriesOnset } from './onset.ts';
import { averagedBy, comparable, part, type Samples } from './rates.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** History is kept in finer steps towards the present: each stretch is searched in one step of its own, the latest first. */
const stretches = [
  { reachMs: 3 * hourMs, stepMs: minuteMs },
  { reachMs: 36 * hourMs, stepMs: 10 * minuteMs },
  { reachMs: Infinity, stepMs: 30 * minuteMs },
] as const;
/** Fewer samples tell no change from noise. */
const leastSamples = 8;
const mostSentences = 3;
/** A metric that went less than so many of its usual spreads is not worth a sentence. */
const leastScore = 3;

/** The last change for the worse that lasts until now, in the finest steps that show it. */
function worseningOf(series: Series, endMs: number): SeriesOnset | undefined {
  const { bad } = meaningOf(series);
  const samples: Samples = comparable(series);
  for (const { reachMs, stepMs } of stretches) {
    const stretch = averagedBy(stepMs, part(samples, endMs - reachMs, Infinity));
    if (stretch.timesMs.length < leastSamples) continue;
    const onset = findOnset(stretch);
    const isWorse = onset !== undefined && onset.untilMs === undefined && (bad === 'both' || onset.difference > 0 === (bad === 'up'));
    if (isWorse) return onset;
  }
  return undefined;
}

/** When a set of series began to be worse than before, with what changed most; undefined where nothing got worse and stayed so. */
export function findWorsening(all: readonly Series[]): Onset | undefined {
  const given = all.filter(({ timesMs }) => timesMs.length >= leastSamples);
  const [first, last] = [Math.min(...given.map(({ timesMs }) => timesMs[0]!)), Math.max(...given.map(({ timesMs }) => timesMs.at(-1)!))];
  if (!Number.isFinite(last - first)) return undefined;
  const joint = combineOnsets(given.map((series) => worseningOf(series, last)), last - first);
  if (joint === undefined) return undefined;
  const participants = joint.participants.filter(({ probability }) => probability >= 0.5).map(({ index }) => given[index]!);
  const says = rankMetrics(participants, { onsetMs: joint.atMs })
    .filter(({ score }) => score >= leastScore)
    .slice(0, mostSentences)
    .map(({ sentence }) => sentence);
  return { fromMs: joint.interval.fromMs, toMs: joint.interval.toMs, probability: joint.interval.probability, says };
}
