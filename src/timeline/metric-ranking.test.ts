import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Series } from '../define/series.ts';
import { inOrderOfMove, learnMetric, rankMetrics } from './metric-ranking.ts';

const minuteMs = 60_000;
const onsetMs = 600 * minuteMs;

/** Noise that is the same each time, between −1 and 1 and near to a bell. */
function noise(seed: number): () => number {
  let state = seed >>> 0;
  const next = (): number => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
  return () => (next() + next() + next() - 1.5) / 1.5;
}

interface Plan {
  readonly metric: string;
  readonly labels?: Record<string, string>;
  readonly level: number;
  readonly spread: number;
  readonly seed?: number;
  /** What is added from this minute on. */
  readonly change?: { readonly by: number; readonly fromMinute: number; readonly toMinute?: number };
}

function series({ metric, labels = {}, level, spread, seed = 1, change }: Plan, minutes = 660): Series {
  const draw = noise(seed);
  const timesMs = Array.from({ length: minutes }, (_, minute) => minute * minuteMs);
  const values = timesMs.map((_, minute) => level + spread * draw() + (change && minute >= change.fromMinute && minute < (change.toMinute ?? Infinity) ? change.by : 0));
  return { metric, labels, timesMs, values };
}

/** The counter whose rate these values are. */
const counter = (rates: Series): Series => ({ ...rates, values: rates.values.reduce<number[]>((sums, rate) => [...sums, (sums.at(-1) ?? 0) + 60 * rate], []) });

const quiet = ['node_load1', 'node_procs_blocked', 'node_memory_Cached_bytes', 'some_unknown'].map((metric, seed) => series({ metric, level: 10 * (seed + 1), spread: 1 + seed, seed }));

describe('ranking metrics by how much they changed', () => {
  it('says what changed with its figures and units', () => {
    const io = counter(series({ metric: 'node_cpu_seconds_total', labels: { mode: 'iowait', cpu: '3' }, level: 0.021, spread: 0.006, change: { by: 0.32, fromMinute: 600 } }));
    const [first] = rankMetrics([...quiet, io], { onsetMs });
    expect(first).toMatchObject({ series: { metric: 'node_cpu_seconds_total' }, direction: 'up', moved: { byMs: onsetMs } });
    expect(first?.before).toBeCloseTo(0.021, 2);
    expect(first?.after).toBeCloseTo(0.341, 2);
    expect(first?.sentence).toMatch(/^IO wait of cpu 3 went from 2(\.\d)? % to 34 %, \d+ times its usual spread\.$/);
  });

  it('only a change for the worse counts', () => {
    const change = (by: number) => ({ by, fromMinute: 600 });
    const scoreOf = (metric: string, by: number): number => rankMetrics([series({ metric, level: 100, spread: 1, change: change(by) })], { onsetMs })[0]!.score;
    expect(scoreOf('node_memory_MemAvailable_bytes', -40)).toBeGreaterThan(20);
    expect(scoreOf('node_memory_MemAvailable_bytes', 40)).toBe(0);
    expect(scoreOf('node_load1', 40)).toBeGreaterThan(20);
    expect(scoreOf('node_load1', -40)).toBe(0);
    expect(scoreOf('node_memory_Cached_bytes', -40)).toBeCloseTo(scoreOf('node_memory_Cached_bytes', 40), -1);
  });

  it('a metric that often leaps is not unusual for it', () => {
    const leaps = series({ metric: 'leaping', level: 10, spread: 1, seed: 4 });
    const leaping = { ...leaps, values: leaps.values.map((value, minute) => (minute % 30 === 0 ? value + 50 : value)) };
    const shifted = series({ metric: 'shifted', level: 10, spread: 1, seed: 5, change: { by: 10, fromMinute: 600 } });
    expect(rankMetrics([leaping, shifted], { onsetMs }).map(({ series }) => series.metric)).toEqual(['shifted', 'leaping']);
    const never = { ...leaps, values: leaps.values.map((value, minute) => (minute >= 600 && minute % 30 === 0 ? value + 50 : value)) };
    const scoreOf = (one: Series): number => rankMetrics([one], { onsetMs })[0]!.score;
    expect(scoreOf(leaping)).toBeLessThan(scoreOf(never) / 2);
    expect(inOrderOfMove(rankMetrics([leaping, never, shifted], { onsetMs })).ordered.map(({ series }) => series.metric)).toEqual(['shifted']);
  });

  it('a short leap is told as one', () => {
    const [leap] = rankMetrics([series({ metric: 'node_load1', level: 2, spread: 0.3, change: { by: 60, fromMinute: 610, toMinute: 612 } })], { onsetMs });
    expect(leap?.sentence).toMatch(/^Load average \(1 min\), usually 2(\.\d)?, reached 62 for a while, \d+ times its usual spread\.$/);
    expect(leap?.moved).toBeUndefined();
  });

  it('what is so at this hour every day is no change', () => {
    const daily = (metric: string, days: number): Series => {
      const draw = noise(days);
      const timesMs = Array.from({ length: days * 288 }, (_, step) => step * 300_000);
      return { metric, labels: {}, timesMs, values: timesMs.map((timeMs) => (Math.floor(timeMs / 3_600_000) % 24 === 2 ? 80 : 10) + draw()) };
    };
    const nightly = daily('nightly', 15);
    const at = 14 * 86_400_000 + 2 * 3_600_000;
    const window = { onsetMs: at + 25 * minuteMs, untilMs: at + 35 * minuteMs };
    const noon = { onsetMs: at + 600 * minuteMs, untilMs: at + 620 * minuteMs };
    const moved = { ...nightly, metric: 'moved', values: nightly.values.map((value, step) => (nightly.timesMs[step]! >= noon.onsetMs ? 80 : value)) };
    expect(learnMetric(nightly, window.onsetMs)(window)!.score).toBeLessThan(4);
    expect(learnMetric(moved, noon.onsetMs)(noon)!.score).toBeGreaterThan(4);
  });

  it('says which moved first, and that two samples of different steps cannot be told apart', () => {
    const at = (metric: string, fromMinute: number): Series => series({ metric, level: 5, spread: 0.5, seed: fromMinute, change: { by: 20, fromMinute } });
    const coarse = at('coarse', 601);
    const changes = rankMetrics([at('late', 620), at('early', 602), { ...coarse, timesMs: coarse.timesMs.filter((_, minute) => minute % 10 === 5), values: coarse.values.filter((_, minute) => minute % 10 === 5) }, ...quiet], { onsetMs });
    const { ordered, first } = inOrderOfMove(changes);
    expect(ordered.map(({ series, moved }) => [series.metric, moved?.byMs])).toEqual([['early', 602 * minuteMs], ['coarse', 605 * minuteMs], ['late', 620 * minuteMs]]);
    expect(first.map(({ series }) => series.metric)).toEqual(['early', 'coarse']);
  });

  it('stands what hosts and files may give', () => {
    const flat = series({ metric: 'flat', level: 7, spread: 0 });
    const one = (values: readonly number[], timesMs = values.map((_, index) => index * minuteMs)): Series => ({ metric: 'odd', labels: {}, timesMs, values });
    expect(rankMetrics([one([]), one([1]), one([1, 2, 3])], { onsetMs: 2 * minuteMs })).toEqual([]);
    expect(rankMetrics([], { onsetMs })).toEqual([]);
    expect(rankMetrics([flat], { onsetMs })[0]).toMatchObject({ score: 0, before: 7, after: 7, sentence: 'Flat stayed at about 7.' });
    const [rare] = rankMetrics([{ ...flat, values: flat.values.map((value, minute) => (minute < 600 ? value : 8)) }], { onsetMs });
    expect(rare).toMatchObject({ direction: 'up', timesSpread: undefined, sentence: 'Flat went from 7 to 8, and it had never moved before.' });
    expect(rare!.score).toBeCloseTo(100 / 3);
    const huge = series({ metric: 'huge', level: 0, spread: 1 });
    const [wild] = rankMetrics([{ ...huge, values: huge.values.map((value, minute) => value * (minute < 600 ? 1e300 : 1.7e308)) }], { onsetMs });
    expect(Number.isFinite(wild!.score) && wild!.score > 4).toBe(true);
  });

  it('finer samples since the onset are averaged to the steps of history', () => {
    const draw = noise(3);
    const history = Array.from({ length: 400 }, (_, step) => step * 30 * minuteMs);
    const end = 400 * 30 * minuteMs;
    const fine = Array.from({ length: 120 }, (_, step) => end + step * minuteMs);
    // Single minutes scatter far more than half hours do.
    const values = [...history.map(() => 50 + draw()), ...fine.map(() => 50 + 6 * draw())];
    const [change] = rankMetrics([{ metric: 'm', labels: {}, timesMs: [...history, ...fine], values }], { onsetMs: end });
    expect(change!.score).toBeLessThan(5);
  });

  const plans = fc.array(fc.record({ level: fc.double({ min: 1, max: 1e6, noNaN: true }), spread: fc.double({ min: 0.01, max: 0.3, noNaN: true }), seed: fc.integer({ min: 1, max: 1e6 }) }), { minLength: 2, maxLength: 6 });
  const made = (list: readonly { level: number; spread: number; seed: number }[]): Series[] => list.map(({ level, spread, seed }, index) => series({ metric: `metric_${index}`, level, spread: level * spread, seed: seed + index }, 260));
  const window = { onsetMs: 230 * minuteMs };

  it('the order of the series does not matter', () => {
    fc.assert(fc.property(plans, (list) => void expect(rankMetrics(made(list).toReversed(), window)).toEqual(rankMetrics(made(list), window))), { numRuns: 40 });
  });

  it('a unit does not matter', () => {
    fc.assert(
      fc.property(plans, fc.integer({ min: -40, max: 40 }), (list, power) => {
        const scaled = made(list).map((one) => ({ ...one, values: one.values.map((value) => value * 2 ** power) }));
        const scores = (all: readonly Series[]) => rankMetrics(all, window).map(({ series, score }) => [series.metric, score.toFixed(9)]);
        expect(scores(scaled)).toEqual(scores(made(list)));
      }),
      { numRuns: 40 },
    );
  });

  it('a planted change comes first', () => {
    fc.assert(
      fc.property(plans, fc.nat(), fc.boolean(), (list, which, up) => {
        const all = made(list);
        const planted = which % all.length;
        const by = 20 * list[planted]!.level * list[planted]!.spread * (up ? 1 : -1);
        all[planted] = { ...all[planted]!, values: all[planted]!.values.map((value, minute) => (minute >= 230 ? value + by : value)) };
        expect(rankMetrics(all, window)[0]).toMatchObject({ series: { metric: `metric_${planted}` }, direction: up ? 'up' : 'down' });
      }),
      { numRuns: 40 },
    );
  });
});
