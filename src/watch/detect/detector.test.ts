import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gaussians } from '../../timeline/testing.ts';
import { createDetector, detectorStateSchema, type Detector, type Finding } from './detector.ts';
import { defaultDetectorSettings } from './settings.ts';

const [minuteMs, hourMs, dayMs] = [60_000, 3_600_000, 86_400_000];
const startMs = Date.UTC(2026, 5, 1);
const stepMs = 10 * minuteMs;

interface Found extends Finding {
  readonly atMs: number;
}

/** Runs a detector over so many days of ten-minute samples. */
function run(days: number, valueAt: (atMs: number) => number, detector: Detector = createDetector()): Found[] {
  const found: Found[] = [];
  for (let atMs = startMs; atMs < startMs + days * dayMs; atMs += stepMs) found.push({ atMs, ...detector.update(atMs, valueAt(atMs)) });
  return found;
}

const newsAfter = (found: readonly Found[], days: number): Found[] => found.filter(({ atMs, news }) => atMs >= startMs + days * dayMs && news >= defaultDetectorSettings.newsFrom);
const noisy = (seed: number): ((level: number) => number) => {
  const gaussian = gaussians(seed);
  return (level) => level + gaussian();
};

describe('what is unusual', () => {
  it('a leap is found at once, and is one piece of news', () => {
    const around = noisy(1);
    const at = startMs + 20 * dayMs;
    const found = run(22, (atMs) => around(atMs >= at && atMs < at + 10 * hourMs ? 60 : 50));
    const news = newsAfter(found, 20).filter(({ atMs }) => atMs < at + dayMs);
    expect(news.map(({ atMs }) => atMs)).toEqual([at]);
    expect(['above', 'jump up']).toContain(news[0]!.aspect);
  });

  it('so is a fall', () => {
    const around = noisy(2);
    const at = startMs + 20 * dayMs;
    const [first] = newsAfter(run(21, (atMs) => around(atMs >= at ? 40 : 50)), 20);
    expect(first?.atMs).toBe(at);
    expect(first!.expected).toBeGreaterThan(45);
  });

  it('a value that is usual at its hour is none, and the same at another hour is rare', () => {
    const around = noisy(3);
    const isNight = (atMs: number): boolean => atMs % dayMs >= 2 * hourMs && atMs % dayMs < 4 * hourMs;
    const odd = startMs + 27 * dayMs + 14 * hourMs;
    const found = run(28, (atMs) => around(isNight(atMs) || (atMs >= odd && atMs < odd + 2 * hourMs) ? 80 : 20));
    // Chance may make news at any time; were the nights news, each of the last 14 would be.
    expect(newsAfter(found, 14).filter(({ atMs }) => isNight(atMs)).length).toBeLessThan(4);
    // Its score counts here: as news it may be taken for more of what was told within the day before.
    expect(found.find(({ atMs }) => atMs === odd)!.score).toBeGreaterThan(defaultDetectorSettings.newsFrom);
  });

  it('a metric that becomes restless is found, though no value is unusual', () => {
    const gaussian = gaussians(4);
    const at = startMs + 25 * dayMs;
    let level = 0;
    // A slow walk between bounds; later the same values in random order.
    const found = run(27, (atMs) => {
      level = Math.min(Math.max(level + 0.05 * gaussian(), -1), 1);
      return 50 + 10 * (atMs < at ? level : Math.tanh(gaussian()));
    });
    const [first] = newsAfter(found, 25);
    expect(first!.atMs - at).toBeLessThan(3 * hourMs);
    expect(['jump up', 'jump down', 'restless']).toContain(first!.aspect);
  });

  it('in noise news is rare', { timeout: 60_000 }, () => {
    for (const seed of [5, 6]) {
      const around = noisy(seed);
      // Five statistics, each so rare once in eighty blocks of two hours: some 22 times in 30 days if they were independent, and what follows within a day is not told.
      expect(newsAfter(run(40, () => around(50)), 10).length).toBeLessThan(22);
    }
  });

  it('a constant gives none, and whatever differs from it is news', () => {
    const found = run(10, (atMs) => (atMs === startMs + 9 * dayMs ? 8 : 7));
    expect(newsAfter(found, 0).map(({ atMs }) => atMs)).toEqual([startMs + 9 * dayMs]);
  });

  it('history of another resolution teaches the usual course', () => {
    const around = noisy(7);
    const detector = createDetector();
    const course = (atMs: number): number => 100 + 50 * Math.sin((2 * Math.PI * atMs) / dayMs);
    for (let atMs = startMs - 30 * dayMs; atMs < startMs; atMs += 30 * minuteMs) detector.learnCourse(atMs, course(atMs));
    const found = run(1, (atMs) => around(course(atMs)), detector);
    for (const { atMs, expected } of found) expect(Math.abs(expected! - course(atMs))).toBeLessThan(15);
    expect(detector.state.tails.above.present.blocks).toBeLessThan(13);
  });
});

describe('the state', () => {
  const anySamples = fc.array(fc.tuple(fc.integer({ min: -5 * minuteMs, max: 3 * hourMs }), fc.oneof(fc.double(), fc.integer({ min: 0, max: 3 }), fc.constantFrom(0, 1e300, -1e99, 1e99))), { maxLength: 300 });

  it('outlives a restart at any moment, whatever comes', () => {
    fc.assert(
      fc.property(anySamples, fc.nat({ max: 300 }), (samples, stop) => {
        const straight = createDetector();
        let restarted = createDetector();
        let atMs = startMs;
        for (const [index, [stepMs, value]] of samples.entries()) {
          atMs += stepMs;
          if (index === stop) restarted = createDetector(undefined, detectorStateSchema.parse(JSON.parse(JSON.stringify(restarted.state))));
          const finding = straight.update(atMs, value);
          expect(JSON.stringify(restarted.update(atMs, value))).toBe(JSON.stringify(finding));
          expect(Number.isFinite(finding.score)).toBe(true);
          expect(finding.news === 0 || finding.news === finding.score).toBe(true);
        }
        expect(detectorStateSchema.safeParse(straight.state).success).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it('is bounded', () => {
    const [around, detector] = [noisy(8), createDetector()];
    for (let index = 0; index < 60_000; index += 1) detector.update(startMs + index * minuteMs, around(50));
    expect(JSON.stringify(detector.state).length).toBeLessThan(40_000);
  });

  it('samples that are no numbers, too large, or not newer change nothing', () => {
    const detector = createDetector();
    detector.update(startMs, 1);
    const before = JSON.stringify(detector.state);
    for (const [atMs, value] of [[startMs, 2], [startMs - 1, 2], [startMs + 1, Number.NaN], [startMs + 1, Infinity], [startMs + 1, 1e200], [Number.NaN, 1]] as const) expect(detector.update(atMs, value).score).toBe(0);
    expect(JSON.stringify(detector.state)).toBe(before);
  });
});
