import { mean, median } from '../lib/averages.ts';
import { robustDeviation } from './spread.ts';

/** What repeats and was taken out before the search. */
export type Season = 'none' | 'hour of day' | 'hour of week';

export interface Deseasoned {
  readonly season: Season;
  /** The values less what is usual at their hour, in the unit of the values. */
  readonly values: readonly number[];
  /** The same, divided by how much that hour moves compared with all: for the search. */
  readonly evened: readonly number[];
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** History that it takes to know what is usual. */
const needed = { 'hour of day': 3 * dayMs, 'hour of week': 14 * dayMs } as const;
/** A profile is removed only where its halves, of every other period, agree: correlation of at least this. */
const leastAgreement = 0.5;
/** Weeks that what is usual on such a day counts for beside what was seen at an hour. */
const borrowedWeeks = 4;
/** An hour counts as at most so many times steadier or livelier than all. */
const mostUneven = 3;

function groupBy(timesMs: readonly number[], values: readonly number[], keyOf: (atMs: number) => number): Map<number, number[]> {
  const groups = new Map<number, number[]>();
  for (const [index, atMs] of timesMs.entries()) {
    const key = keyOf(atMs);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [values[index]!]);
    else group.push(values[index]!);
  }
  return groups;
}

/** Values less the median of their day (or week), so that slow changes of level do not show in the profile. */
function levelled(timesMs: readonly number[], values: readonly number[], periodMs: number): number[] {
  const levels = new Map([...groupBy(timesMs, values, (atMs) => Math.floor(atMs / periodMs))].map(([period, group]) => [period, median(group) ?? 0]));
  return timesMs.map((atMs, index) => values[index]! - levels.get(Math.floor(atMs / periodMs))!);
}

const hourOf = (atMs: number, hours: number): number => Math.floor(atMs / hourMs) % hours;

function correlation(pairs: readonly (readonly [number, number])[]): number {
  const [a, b] = [mean(pairs.map((pair) => pair[0])), mean(pairs.map((pair) => pair[1]))];
  const sum = (of: (x: number, y: number) => number): number => pairs.reduce((total, [x, y]) => total + of(x - a, y - b), 0);
  const spread = Math.sqrt(sum((x) => x * x) * sum((_, y) => y * y));
  return spread > 0 ? sum((x, y) => x * y) / spread : 0;
}

/** Whether what even periods show is what odd periods show. */
function repeats(timesMs: readonly number[], values: readonly number[], hours: number): boolean {
  const halves = [0, 1].map((half) => {
    const chosen = [...timesMs.keys()].filter((index) => Math.floor(timesMs[index]! / (hours * hourMs)) % 2 === half);
    return groupBy(chosen.map((index) => timesMs[index]!), chosen.map((index) => values[index]!), (atMs) => hourOf(atMs, hours));
  });
  const shared = [...halves[0]!].flatMap(([hour, group]) => {
    const other = halves[1]!.get(hour);
    return other === undefined ? [] : [[median(group) ?? 0, median(other) ?? 0] as const];
  });
  return shared.length >= hours * 0.9 && correlation(shared) >= leastAgreement;
}

/** What is usual at an hour: the median, and how much it moves compared with all hours. */
interface Profile {
  readonly level: (atMs: number) => number;
  readonly spread: (atMs: number) => number;
}

/** Levels go over from the middle of one hour to that of the next, so that the profile has no steps of its own. */
function profileOf(timesMs: readonly number[], values: readonly number[], hours: number): Profile {
  const groups = groupBy(timesMs, values, (atMs) => hourOf(atMs, hours));
  const usual = Array.from({ length: hours }, (_, hour) => median(groups.get(hour) ?? []) ?? 0);
  const levels = hours > 24 ? borrowing(timesMs, values, usual) : usual;
  const residuals = groupBy(timesMs, timesMs.map((atMs, index) => values[index]! - levels[hourOf(atMs, hours)]!), (atMs) => hourOf(atMs, hours));
  const all = robustDeviation([...residuals.values()].flat(), 0);
  const spreads = Array.from({ length: hours }, (_, hour) => {
    const group = residuals.get(hour) ?? [];
    return all > 0 ? Math.min(Math.max(robustDeviation(group, 0) / all, 1 / mostUneven), mostUneven) : 1;
  });
  const level = (atMs: number): number => {
    const position = atMs / hourMs - 0.5;
    const share = position - Math.floor(position);
    const hour = ((Math.floor(position) % hours) + hours) % hours;
    return levels[hour]! * (1 - share) + levels[(hour + 1) % hours]! * share;
  };
  return { level, spread: (atMs) => spreads[hourOf(atMs, hours)]! };
}

/**
 * Levels by hour of the week, each from few samples, drawn towards the sum of what is usual at that hour of all days and on that day of the week: as if so many weeks had shown that sum.
 */
function borrowing(timesMs: readonly number[], values: readonly number[], usual: readonly number[]): number[] {
  const hourly = groupBy(timesMs, values, (atMs) => hourOf(atMs, 24));
  const ofHour = Array.from({ length: 24 }, (_, hour) => median(hourly.get(hour) ?? []) ?? 0);
  const left = timesMs.map((atMs, index) => values[index]! - ofHour[hourOf(atMs, 24)]!);
  const byDay = groupBy(timesMs, left, (atMs) => Math.floor(hourOf(atMs, 168) / 24));
  const ofDay = Array.from({ length: 7 }, (_, day) => median(byDay.get(day) ?? []) ?? 0);
  const weeks = (timesMs.at(-1)! - timesMs[0]!) / (7 * dayMs);
  return usual.map((own, hour) => {
    const sum = ofHour[hour % 24]! + ofDay[Math.floor(hour / 24)]!;
    return sum + ((own - sum) * weeks) / (weeks + borrowedWeeks);
  });
}

/**
 * Takes out what repeats: by hour of the week with two weeks of history, by hour of the day with three days, else nothing, and nothing either where it does not repeat. Hours are those of UTC.
 * `levels` are what is known of the level at each sample, and are not part of the season; without them, that of the day or the week stands for it.
 */
export function withoutSeason(timesMs: readonly number[], values: readonly number[], levels?: readonly number[]): Deseasoned {
  const asItIs: Deseasoned = { season: 'none', values, evened: values };
  const history = (timesMs.at(-1) ?? 0) - (timesMs[0] ?? 0);
  if (history < needed['hour of day'] || history / Math.max(timesMs.length - 1, 1) > hourMs) return asItIs;
  const around = (periodMs: number): number[] => (levels === undefined ? levelled(timesMs, values, periodMs) : values.map((value, index) => value - levels[index]!));
  for (const [season, hours] of [['hour of week', 168], ['hour of day', 24]] as const) {
    if (history < needed[season]) continue;
    const moves = around(hours * hourMs);
    if (!repeats(timesMs, moves, hours)) continue;
    const { level, spread } = profileOf(timesMs, moves, hours);
    const left = timesMs.map((atMs, index) => values[index]! - level(atMs));
    const middle = median(left) ?? 0;
    return { season, values: left, evened: left.map((value, index) => middle + (value - middle) / spread(timesMs[index]!)) };
  }
  return asItIs;
}
