import { describe, expect, it } from 'vitest';
import { findOnset } from './onset.ts';
import { withoutSeason } from './seasonal-profile.ts';
import { robustDeviation } from './spread.ts';
import { gaussians, noise } from './testing.ts';

const quarterMs = 900_000;
const times = (days: number): number[] => Array.from({ length: days * 96 }, (_, index) => index * quarterMs);
const daily = (atMs: number): number => 6 * Math.sin((2 * Math.PI * atMs) / 86_400_000);
const weekend = (atMs: number): number => (Math.floor(atMs / 86_400_000) % 7 > 4 ? -5 : 0);

describe('what repeats', () => {
  it('is removed as far as there is history for it', () => {
    const season = (days: number): [string, number] => {
      const timesMs = times(days);
      const values = noise(timesMs.length, 0, gaussians(days)).map((value, index) => value + daily(timesMs[index]!) + (days > 7 ? weekend(timesMs[index]!) : 0));
      const { season, values: left } = withoutSeason(timesMs, values);
      return [season, robustDeviation(left)];
    };
    expect(season(2)[0]).toBe('none');
    for (const [days, name] of [[4, 'hour of day'], [21, 'hour of week']] as const) {
      const [found, deviation] = season(days);
      expect(found).toBe(name);
      expect(deviation).toBeLessThan(1.3);
    }
  });

  it('is not removed where nothing repeats, or where samples are too far apart', () => {
    const timesMs = times(10);
    expect(withoutSeason(timesMs, noise(timesMs.length, 0.5, gaussians(3)))).toMatchObject({ season: 'none' });
    const rare = Array.from({ length: 60 }, (_, index) => index * 6 * 3_600_000);
    expect(withoutSeason(rare, rare.map(daily)).season).toBe('none');
    expect(withoutSeason([], []).season).toBe('none');
  });

  it('does not hide the onset, nor make one', () => {
    for (const days of [4, 15, 22]) {
      const timesMs = times(days);
      const at = timesMs.length - 40;
      const tried = Array.from({ length: 8 }, (_, seed) => {
        const base = noise(timesMs.length, 0.2, gaussians(days + 100 * seed)).map((value, index) => value + daily(timesMs[index]!) + (days > 7 ? weekend(timesMs[index]!) : 0));
        return { quiet: findOnset({ timesMs, values: base }), onset: findOnset({ timesMs, values: base.map((value, index) => (index >= at ? value + 6 : value)) }) };
      });
      expect(tried.filter(({ quiet }) => quiet === undefined).length).toBeGreaterThanOrEqual(7);
      expect(tried.every(({ onset }) => onset?.seasonRemoved === (days === 4 ? 'hour of day' : 'hour of week'))).toBe(true);
      // With little more than two weeks, what is usual at an hour of the week is known from two or three samples.
      const right = tried.filter(({ onset }) => Math.abs(onset!.atMs - timesMs[at]!) <= 2 * quarterMs && onset!.difference > 4 && onset!.difference < 8);
      expect(right.length).toBeGreaterThanOrEqual(7);
    }
  });
});
