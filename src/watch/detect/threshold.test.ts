import { describe, expect, it } from 'vitest';
import { gaussians } from '../../timeline/testing.ts';
import { createDetector } from './detector.ts';
import { thresholdsOf } from './threshold.ts';

const [hourMs, dayMs] = [3_600_000, 86_400_000];
const stepMs = hourMs / 2;
const monthSamples = (30 * dayMs) / stepMs;
const blockSamples = 12;
/** A Monday, so that weekends are where they belong. */
const startMs = Date.UTC(2026, 5, 1);

type Make = (gaussian: () => number) => (atMs: number) => number;
const correlated: Make = (gaussian) => {
  let memory = 0;
  return () => 50 + 3 * (memory = 0.5 * memory + gaussian());
};
const seasonal: Make = (gaussian) => (atMs) => {
  const [day, hour] = [Math.floor((atMs - startMs) / dayMs) % 7, (atMs % dayMs) / hourMs];
  return 100 + (day >= 5 ? -40 : 0) + 30 * Math.sin((2 * Math.PI * hour) / 24) + (hour >= 8 && hour < 18 ? 6 : 2) * gaussian();
};
/** Student's t with three degrees of freedom: its variance is hardly finite. */
const heavyTailed: Make = (gaussian) => () => 10 + gaussian() / Math.sqrt((gaussian() ** 2 + gaussian() ** 2 + gaussian() ** 2) / 3);
/** Whole numbers of mean 1.5, and 0 most often. */
const counts: Make = (gaussian) => () => Math.floor(gaussian() ** 2 + gaussian() ** 2);
const constant: Make = () => () => 7;

/** False alarms a month with limits learnt until then, after two months for learning: blocks of samples with one beyond. */
function alarmsPerMonth(make: Make, side: 'above' | 'below', wanted: number, months = 8): number {
  let alarms = 0;
  const seeds = [1, 2, 3];
  for (const seed of seeds) {
    const valueAt = make(gaussians(seed));
    const detector = createDetector();
    for (let block = 0; block < ((months + 2) * monthSamples) / blockSamples; block += 1) {
      const limitAt = thresholdsOf(detector.state, side, wanted);
      let isBeyond = false;
      for (let index = block * blockSamples; index < (block + 1) * blockSamples; index += 1) {
        const atMs = startMs + index * stepMs;
        const value = valueAt(atMs);
        const limit = limitAt(atMs)?.limit ?? Infinity;
        if (index >= 2 * monthSamples && (side === 'above' ? value > limit : value < limit)) isBeyond = true;
        detector.update(atMs, value);
      }
      if (isBeyond) alarms += 1;
    }
  }
  return alarms / months / seeds.length;
}

describe('the promised number of false alarms', () => {
  it.each([
    ['correlated noise', correlated, 'above'],
    ['correlated noise, below', correlated, 'below'],
    ['a season of the week, livelier by day', seasonal, 'above'],
    ['heavy tails', heavyTailed, 'above'],
    ['whole numbers', counts, 'above'],
  ] as const)('one a month: %s', { timeout: 120_000 }, (_, make, side) => {
    const rate = alarmsPerMonth(make, side, 1);
    expect(rate).toBeGreaterThan(0.4);
    expect(rate).toBeLessThan(1.7);
  });

  it('four a month are about four', { timeout: 120_000 }, () => {
    const rate = alarmsPerMonth(correlated, 'above', 4, 4);
    expect(rate).toBeGreaterThan(2);
    expect(rate).toBeLessThan(6);
  });

  it('a constant gives none', () => {
    expect(alarmsPerMonth(constant, 'above', 1, 1)).toBe(0);
    expect(alarmsPerMonth(constant, 'below', 1, 1)).toBe(0);
  });
});

describe('the limit', () => {
  function after(days: number, make: Make): ReturnType<typeof createDetector> {
    const [detector, valueAt] = [createDetector(), make(gaussians(5))];
    for (let atMs = startMs; atMs < startMs + days * dayMs; atMs += stepMs) detector.update(atMs, valueAt(atMs));
    return detector;
  }

  it('follows the hour of the week', () => {
    const { state } = after(42, seasonal);
    const above = thresholdsOf(state, 'above');
    const nextMonday = startMs + 42 * dayMs;
    const [peak, trough] = [above(nextMonday + 6.25 * hourMs)!, above(nextMonday + 18.25 * hourMs)!];
    expect(peak.season).toBe('week');
    expect(peak.expected).toBeGreaterThan(122);
    expect(peak.expected).toBeLessThan(138);
    expect(trough.expected).toBeGreaterThan(62);
    expect(trough.expected).toBeLessThan(78);
    expect(above(nextMonday + 5 * dayMs + 6.25 * hourMs)!.expected).toBeLessThan(105);
    expect(peak.limit).toBeGreaterThan(peak.expected);
    expect(thresholdsOf(state, 'below')(nextMonday)!.limit).toBeLessThan(above(nextMonday)!.expected);
  });

  it('is the wider the fewer false alarms are wanted', () => {
    const { state } = after(42, heavyTailed);
    const at = startMs + 42 * dayMs;
    const limits = [30, 4, 1, 0.1, 0.01].map((wanted) => thresholdsOf(state, 'above', wanted)(at)!.limit);
    expect(limits).toEqual(limits.toSorted((a, b) => a - b));
    expect(limits.at(-1)).toBeGreaterThan(limits[0]!);
    expect(thresholdsOf(state, 'above')(at)!.learntMonths).toBeGreaterThan(40 / 30);
  });

  it('is none before there is enough to learn from', () => {
    expect(thresholdsOf(createDetector().state, 'above')(startMs)).toBeUndefined();
    expect(thresholdsOf(after(1, correlated).state, 'above')(startMs + dayMs)?.limit).toBe(Infinity);
    expect(thresholdsOf(after(1, correlated).state, 'below')(startMs + dayMs)?.limit).toBe(-Infinity);
  });
});
