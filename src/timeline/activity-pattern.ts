import { averagedBy, stepMs, type Samples } from './rates.ts';
import { quantileOfSorted, sorted } from './spread.ts';

/** Something that is at work at times: a disk that is written, a guest that writes, an hour of the day. */
export interface Activity {
  /** As it goes on "… in which": `sda was written to`. */
  readonly words: string;
  readonly samples: Samples;
}

/** How a symptom goes with one activity, counted in stretches of equal length. */
export interface ActivityPattern {
  readonly words: string;
  readonly stretchMs: number;
  /** Stretches with the activity, and those of them with the symptom. */
  readonly active: number;
  readonly activeHigh: number;
  /** The others. */
  readonly idle: number;
  readonly idleHigh: number;
}

/** Less than so many times of activity, or stretches on either side, may have met by chance. */
const leastEpisodes = 4;
const leastStretches = 6;
/** Of the stretches with the activity so many have the symptom at least, and of the others so many at most. */
const leastShare = 0.8;
const mostOthers = 0.2;
/** Youden's index (W. J. Youden 1950: sensitivity + specificity − 1) from which an activity counts. */
const leastIndex = 0.7;
/** A symptom that hardly moves goes with nothing: its high end lies so far above its low end at least, as a share. */
const leastRange = 0.5;
/** At work is what does a tenth of what it does at most. */
const workShare = 0.1;

const quantile = (values: readonly number[], share: number): number => quantileOfSorted(sorted(values), share);

/** Stretches that begin something after one without it. */
const episodes = (flags: readonly boolean[]): number => flags.filter((flag, index) => flag && flags[index - 1] !== true).length;

/** High is above the middle between its low and its high end; undefined where the two are too near to each other. */
function highLimit(values: readonly number[]): number | undefined {
  const [low, high] = [quantile(values, 0.02), quantile(values, 0.98)];
  return high - low > leastRange * Math.abs(high) && high > low ? (low + high) / 2 : undefined;
}

/** How one activity and the symptom meet, in stretches of the coarser of their steps. */
function patternWith(symptom: Samples, { words, samples }: Activity): ActivityPattern | undefined {
  const stretchMs = Math.max(stepMs(symptom), stepMs(samples));
  if (!(stretchMs > 0)) return undefined;
  const bin = (timeMs: number): number => Math.floor(timeMs / stretchMs);
  const ofSymptom = averagedBy(stretchMs, symptom);
  const work = averagedBy(stretchMs, samples);
  const byBin = new Map(work.timesMs.map((timeMs, index) => [bin(timeMs), work.values[index]!]));
  const both = ofSymptom.timesMs.flatMap((timeMs, index) => {
    const amount = byBin.get(bin(timeMs));
    return amount === undefined ? [] : [{ symptom: ofSymptom.values[index]!, amount }];
  });
  const limit = highLimit(both.map((one) => one.symptom));
  const most = both.length === 0 ? 0 : quantile(both.map(({ amount }) => amount), 0.98);
  if (limit === undefined || most <= 0) return undefined;
  const flags = both.map(({ amount }) => amount > workShare * most);
  const count = (isActive: boolean, isHigh: boolean): number => both.filter((one, index) => flags[index] === isActive && one.symptom > limit === isHigh).length;
  const [activeHigh, activeLow, idleHigh, idleLow] = [count(true, true), count(true, false), count(false, true), count(false, false)];
  const [active, idle] = [activeHigh + activeLow, idleHigh + idleLow];
  if (episodes(flags) < leastEpisodes || active < leastStretches || idle < leastStretches) return undefined;
  return activeHigh / active >= leastShare && idleHigh / idle <= mostOthers ? { words, stretchMs, active, activeHigh, idle, idleHigh } : undefined;
}

const indexOf = ({ active, activeHigh, idle, idleHigh }: ActivityPattern): number => {
  const high = activeHigh + idleHigh;
  const low = active + idle - high;
  return high === 0 || low === 0 ? 0 : activeHigh / high + (idle - idleHigh) / low - 1;
};

/** The activity that goes best with a symptom, and that the symptom goes with: undefined where none does clearly. Of equals the first counts. */
export function findPattern(symptom: Samples, activities: readonly Activity[]): ActivityPattern | undefined {
  const found = activities.flatMap((activity) => patternWith(symptom, activity) ?? []);
  const best = found.reduce<ActivityPattern | undefined>((most, one) => (most === undefined || indexOf(one) > indexOf(most) ? one : most), undefined);
  return best !== undefined && indexOf(best) >= leastIndex ? best : undefined;
}

/** Each hour of the day, UTC, as an activity: for what comes at its time, whoever does it. */
export function hoursOfDay({ timesMs }: Samples): Activity[] {
  return Array.from({ length: 24 }, (_, hour) => ({
    words: `it was between ${String(hour).padStart(2, '0')}:00 and ${String((hour + 1) % 24).padStart(2, '0')}:00 UTC`,
    samples: { timesMs, values: timesMs.map((timeMs) => (Math.floor(timeMs / 3_600_000) % 24 === hour ? 1 : 0)) },
  }));
}
