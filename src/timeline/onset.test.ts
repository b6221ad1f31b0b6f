import { describe, expect, it } from 'vitest';
import { ratioOf } from './deviations.ts';
import { combineOnsets, type JointOnset } from './joint-onset.ts';
import { findOnset, shortestInterval } from './onset.ts';
import { everyMinute, gaussians, noise, stepAt } from './testing.ts';

const minuteMs = 60_000;

describe('the onset of one series', () => {
  it('says when, how surely, and how much', () => {
    const onset = findOnset({ timesMs: everyMinute(200), values: stepAt(noise(200, 0, gaussians(1)), 120, 6).map((value) => value * 2 + 50) })!;
    expect(Math.abs(onset.atMs - 120 * minuteMs)).toBeLessThanOrEqual(minuteMs);
    expect(onset.interval.fromMs).toBeLessThan(120 * minuteMs);
    expect(onset.interval.toMs).toBeGreaterThanOrEqual(120 * minuteMs);
    expect(onset.interval.probability).toBeGreaterThanOrEqual(0.9);
    expect(onset.cells.reduce((sum, { mass }) => sum + mass, 0)).toBeCloseTo(1, 4);
    expect(onset.before).toBeCloseTo(50, -0.5);
    expect(onset.difference).toBeGreaterThan(10.5);
    expect(onset.difference).toBeLessThan(13.5);
    expect(onset.deviations).toBeGreaterThan(4);
    expect(onset).toMatchObject({ untilMs: undefined, seasonRemoved: 'none' });
  });

  it('its interval holds the truth about as often as it says', () => {
    const gaussian = gaussians(12);
    for (const [memory, size] of [[0, 3], [0.5, 4]] as const) {
      const onsets = Array.from({ length: 60 }, (_, index) => {
        const at = 30 + index;
        return { at, onset: findOnset({ timesMs: everyMinute(120), values: stepAt(noise(120, memory, gaussian), at, size) }) };
      }).flatMap(({ at, onset }) => (onset === undefined ? [] : [{ at, ...onset }]));
      expect(onsets.length).toBeGreaterThan(45);
      const held = onsets.filter(({ at, interval }) => interval.fromMs < at * minuteMs && interval.toMs >= at * minuteMs).length / onsets.length;
      const stated = onsets.reduce((sum, { interval }) => sum + interval.probability, 0) / onsets.length;
      // Samples are not divided, so more is stated than the 90 % asked for. Three standard errors of 60 trials.
      expect(held).toBeGreaterThan(stated - 3 * Math.sqrt((stated * (1 - stated)) / onsets.length) - 0.02);
      const minutes = onsets.reduce((sum, { interval }) => sum + (interval.toMs - interval.fromMs) / minuteMs, 0) / onsets.length;
      expect(minutes).toBeLessThan(6);
    }
  });

  it('a smaller change makes a wider interval', () => {
    const width = (size: number): number => {
      const gaussian = gaussians(21);
      return Array.from({ length: 10 }, () => findOnset({ timesMs: everyMinute(120), values: stepAt(noise(120, 0, gaussian), 60, size) })!.interval).reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
    };
    expect(width(2.8)).toBeGreaterThan(width(6));
  });

  it('the last relevant change counts, and a gap in time widens the interval', () => {
    const timesMs = everyMinute(300).map((atMs, index) => (index < 200 ? atMs : atMs + 3_600_000));
    const values = stepAt(stepAt(stepAt(noise(300, 0, gaussians(2)), 80, 12), 200, 20), 260, -4);
    const onset = findOnset({ timesMs, values })!;
    expect(onset.atMs).toBe(timesMs[200]);
    expect(onset.interval).toMatchObject({ fromMs: timesMs[199], toMs: timesMs[200] });
    expect(Math.abs(onset.untilMs! - timesMs[260]!)).toBeLessThanOrEqual(2 * minuteMs);
  });

  it('there is none in noise, in a constant, and in nothing', () => {
    expect(findOnset({ timesMs: [], values: [] })).toBeUndefined();
    expect(findOnset({ timesMs: everyMinute(50), values: Array.from({ length: 50 }, () => 3) })).toBeUndefined();
    expect(findOnset({ timesMs: everyMinute(150), values: noise(150, 0, gaussians(4)) })).toBeUndefined();
  });

  it('what never moved before has no deviations', () => {
    const onset = findOnset({ timesMs: everyMinute(60), values: Array.from({ length: 60 }, (_, index) => (index < 40 ? 0 : 5)) })!;
    expect(onset).toMatchObject({ atMs: 40 * minuteMs, before: 0, after: 5, difference: 5, deviations: undefined });
    expect(ratioOf(5, [100, 100, 100])).toBe(5);
    expect(ratioOf(-3, [0, 0, 0])).toBeUndefined();
  });
});

describe('the shortest interval', () => {
  const cells = [0.05, 0.6, 0.3, 0.05].map((mass, index) => ({ fromMs: index * 10, toMs: index * 10 + 10, mass }));
  it('holds what is asked for', () => {
    expect(shortestInterval(cells, 0.5)).toMatchObject({ fromMs: 10, toMs: 20, probability: 0.6 });
    expect(shortestInterval(cells, 0.9)!.fromMs).toBe(10);
    expect(shortestInterval(cells, 0.9)!.toMs).toBe(30);
    expect(shortestInterval([], 0.9)).toBeUndefined();
  });
});

describe('the onset of several series', () => {
  const gaussian = gaussians(31);
  const changedAfter = (lagMinutes: number): { timesMs: number[]; values: number[] } => ({ timesMs: everyMinute(240), values: stepAt(noise(240, 0.2, gaussian), 150 + lagMinutes, 4) });

  const jointOf = (set: readonly { readonly timesMs: number[]; readonly values: number[] }[]): JointOnset | undefined => combineOnsets(set.map((one) => findOnset(one)), 240 * minuteMs);

  it('is that of most, whoever lags, did not change or changed for other reasons', () => {
    const set = [changedAfter(0), changedAfter(0), changedAfter(0), changedAfter(6), changedAfter(-110), { timesMs: everyMinute(240), values: noise(240, 0, gaussian) }];
    const joint = jointOf(set)!;
    expect(Math.abs(joint.atMs - 150 * minuteMs)).toBeLessThanOrEqual(2 * minuteMs);
    expect(joint.interval.fromMs).toBeLessThanOrEqual(150 * minuteMs);
    expect(joint.interval.toMs).toBeGreaterThanOrEqual(149 * minuteMs);
    expect(joint.interval.toMs - joint.interval.fromMs).toBeLessThanOrEqual(6 * minuteMs);
    const by = new Map(joint.participants.map((one) => [one.index, one]));
    for (const index of [0, 1, 2]) expect(by.get(index)!.probability).toBeGreaterThan(0.9);
    expect(by.get(3)!.probability).toBeGreaterThan(0.6);
    expect(Math.abs(by.get(3)!.lagMs - 6 * minuteMs)).toBeLessThanOrEqual(2 * minuteMs);
    expect(by.get(4)!.probability).toBeLessThan(0.2);
    expect(by.has(5)).toBe(false);
  });

  it('of one is its own, of none there is none', () => {
    const one = changedAfter(0);
    const joint = jointOf([one, { timesMs: [], values: [] }])!;
    expect(joint.interval).toEqual(findOnset(one)!.interval);
    expect(jointOf([])).toBeUndefined();
    expect(jointOf([{ timesMs: everyMinute(30), values: Array.from({ length: 30 }, () => 1) }])).toBeUndefined();
  });
});
