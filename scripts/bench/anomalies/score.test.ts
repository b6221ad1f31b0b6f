import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nabScore, probationaryRows, profiles, type Profile, type ScoredSeries } from './score.ts';

const rows = 1000;
const windows = [[400, 449], [700, 749]] as const;

/** A series of a thousand rows with two windows, in which the given rows are called anomalies. */
const detecting = (...found: readonly number[]): ScoredSeries => ({ scores: Float64Array.from({ length: rows }, (_, at) => (found.includes(at) ? 1 : 0)), windows });
const normalised = (one: ScoredSeries, profile: Profile = profiles.standard): number => nabScore([one], profile, 1).normalised!;

describe('the score of the Numenta Anomaly Benchmark', () => {
  it.each(Object.entries(profiles))('%s: 100 for a detection at the beginning of each window, 0 for none', (_, profile) => {
    expect(normalised(detecting(400, 700), profile)).toBeCloseTo(100, 10);
    expect(normalised(detecting(), profile)).toBe(0);
    expect(nabScore([detecting()], profile).normalised).toBe(0);
  });

  it('a window counts once, by its earliest detection, and late ones hardly count', () => {
    expect(normalised(detecting(400, 401, 449, 700))).toBeCloseTo(100, 10);
    // The last row of a window of 50 is at −1/50: 2/(1 + e^(−0.1)) − 1 = 0.04996 of 0.98661, and the miss of 1 is saved.
    expect(normalised(detecting(449, 700))).toBeCloseTo((100 * (2 + 1 + 0.0499584 / 0.9866143)) / 4, 4);
  });

  it('a detection before any window or far behind one costs the whole, right behind one hardly anything', () => {
    expect(normalised(detecting(300, 400, 700))).toBeCloseTo(100 - (100 * 0.11) / 4, 10);
    expect(normalised(detecting(400, 650, 700))).toBeCloseTo(100 - (100 * 0.11) / 4, 10);
    // One row behind a window of 50: y = 1/49.
    expect(normalised(detecting(400, 450, 700))).toBeCloseTo(100 - (100 * 0.11 * (1 - 2 / (1 + Math.exp(5 / 49)))) / 4, 10);
    expect(normalised(detecting(300, 400, 700), profiles['low FP'])).toBeCloseTo(100 - (100 * 0.22) / 4, 10);
    expect(normalised(detecting(700), profiles['low FN'])).toBeCloseTo(50, 10);
  });

  it('the rows for learning do not count', () => {
    expect(probationaryRows(1000)).toBe(150);
    expect(probationaryRows(20_000)).toBe(750);
    expect(normalised(detecting(0, 149, 400, 700))).toBeCloseTo(100, 10);
    expect(normalised(detecting(150, 400, 700))).toBeLessThan(100);
  });

  it('one threshold for all series, the best one where none is given', () => {
    const noisy: ScoredSeries = { scores: Float64Array.from({ length: rows }, (_, at) => (at === 400 || at === 700 ? 0.9 : at % 2 === 0 ? 0.5 : 0.1)), windows };
    const quiet: ScoredSeries = { scores: Float64Array.from({ length: rows }, (_, at) => (at === 400 ? 0.4 : 0)), windows: [[400, 449]] };
    const best = nabScore([noisy, quiet], profiles.standard);
    expect(best).toMatchObject({ threshold: 0.9, found: 2, windows: 3, falseRows: 0 });
    expect(best.normalised).toBeCloseTo((100 * 2) / 3, 10);
    expect(nabScore([noisy, quiet], profiles.standard, 0.4).normalised).toBeLessThan(0);
  });

  it('the best threshold is as good as any, and agrees with scoring at it', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 60, maxLength: 60 }), fc.integer({ min: 0, max: 6 }), (scores, other) => {
        const series = [{ scores, windows: [[20, 29], [40, 44]] as const }];
        const best = nabScore(series, profiles.standard);
        expect(best.normalised!).toBeGreaterThanOrEqual(nabScore(series, profiles.standard, other).normalised! - 1e-9);
        expect(nabScore(series, profiles.standard, best.threshold).normalised).toBeCloseTo(best.normalised!, 9);
      }),
    );
  });

  it('without windows there is no score, but what is called an anomaly is counted', () => {
    expect(nabScore([{ scores: Float64Array.from({ length: 100 }, () => 1), windows: [] }], profiles.standard, 1)).toMatchObject({ normalised: undefined, falseRows: 85 });
  });
});
