import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findChangePoints } from './change-points.ts';
import { gaussians, noise, stepAt } from './testing.ts';

/** Share of series of nothing but noise in which a change is found. */
function falseAlarms(count: number, memory: number, series: number): number {
  const gaussian = gaussians(count + Math.round(memory * 1_000));
  const alarms = Array.from({ length: series }, () => findChangePoints(noise(count, memory, gaussian)).changes.length > 0);
  return alarms.filter(Boolean).length / series;
}

describe('finding changes of level', () => {
  it('finds steps where they are', () => {
    const gaussian = gaussians(7);
    for (const memory of [0, 0.5]) {
      const found = Array.from({ length: 20 }, (_, index) => ({ at: 50 + 5 * index, changes: findChangePoints(stepAt(noise(200, memory, gaussian), 50 + 5 * index, 5)).changes }));
      const right = found.filter(({ at, changes }) => changes.length === 1 && Math.abs(changes[0]! - at) <= 2);
      expect(right.length).toBeGreaterThanOrEqual(18);
    }
    const values = stepAt(stepAt(stepAt(noise(400, 0.3, gaussian), 100, 6), 180, -4), 300, 7);
    const { changes } = findChangePoints(values);
    expect(changes).toHaveLength(3);
    for (const [index, at] of [100, 180, 300].entries()) expect(Math.abs(changes[index]! - at)).toBeLessThanOrEqual(2);
  });

  it('finds nothing in noise, and little in noise with a memory', () => {
    expect(falseAlarms(10, 0, 100)).toBeLessThanOrEqual(0.03);
    expect(falseAlarms(30, 0, 100)).toBeLessThanOrEqual(0.05);
    expect(falseAlarms(200, 0, 60)).toBeLessThanOrEqual(0.02);
    expect(falseAlarms(100, 0.5, 60)).toBeLessThanOrEqual(0.1);
    expect(falseAlarms(200, 0.8, 40)).toBeLessThanOrEqual(0.1);
    expect(falseAlarms(300, 0.9, 30)).toBeLessThanOrEqual(0.25);
  });

  it('a level that wanders is not cut to pieces', () => {
    const gaussian = gaussians(3);
    const found = Array.from({ length: 10 }, () => {
      let level = 0;
      return findChangePoints(Array.from({ length: 300 }, () => (level += gaussian()))).changes.length;
    });
    expect(Math.max(...found)).toBeLessThanOrEqual(5);
  });

  it('a steady rise, and levels that come and go, are no change', () => {
    const gaussian = gaussians(5);
    const rise = findChangePoints(noise(300, 0, gaussian).map((value, index) => value + index / 20));
    expect(rise.changes).toEqual([]);
    expect(rise.slope).toBeCloseTo(0.05, 2);
    const bursts = noise(400, 0, gaussian).map((value, index) => value + (index % 12 < 5 ? 8 : 0));
    expect(findChangePoints(bursts).changes).toEqual([]);
  });

  it('what stands out alone is no change, what lasts is one', () => {
    const gaussian = gaussians(9);
    const spiked = Array.from({ length: 20 }, () => noise(200, 0, gaussian).map((value, index) => (index % 25 === 10 ? value + 1_000 : value)));
    expect(spiked.filter((values) => findChangePoints(values).changes.length === 0).length).toBeGreaterThanOrEqual(18);
    expect(spiked.filter((values) => findChangePoints(stepAt(values, 120, 5)).changes.some((at) => Math.abs(at - 120) <= 2)).length).toBeGreaterThanOrEqual(19);
  });

  it('bears what is short, constant or without noise', () => {
    for (const values of [[], [1], [1, 2], [3, 3, 3, 3, 3], [1, 9, 1, 9, 1, 9], Array.from({ length: 50 }, () => 7), Array.from({ length: 50 }, () => 1e300)]) expect(findChangePoints(values).changes).toEqual([]);
    expect(findChangePoints([...Array.from({ length: 30 }, () => 2), ...Array.from({ length: 30 }, () => 5)]).changes).toEqual([30]);
    expect(findChangePoints([...Array.from({ length: 900 }, () => 2), ...Array.from({ length: 1_100 }, () => 5)]).changes).toEqual([900]);
  });

  it('does not depend on unit or zero', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), fc.integer({ min: 10, max: 110 }), fc.integer({ min: -20, max: 20 }), fc.integer({ min: -8, max: 8 }), fc.integer({ min: -1_000, max: 1_000 }), (seed, at, size, power, shift) => {
        const values = stepAt(noise(120, 0.3, gaussians(seed)), at, size);
        // A power of two is exact; the shift keeps all but a few of the digits.
        expect(findChangePoints(values.map((value) => (value + shift) * 2 ** power)).changes).toEqual(findChangePoints(values).changes);
      }),
      { numRuns: 25, seed: 7 },
    );
  });

  it('whatever it is given, changes are in order and at least three samples apart', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { maxLength: 80 }), (values) => {
        const edges = [0, ...findChangePoints(values).changes, values.length];
        if (edges.length > 2) expect(edges.slice(1).every((edge, index) => edge - edges[index]! >= 3)).toBe(true);
      }),
      { numRuns: 60, seed: 8 },
    );
  });

  it('ten times the samples take far less than a hundred times as long', () => {
    const gaussian = gaussians(10);
    const longs = stepAt(noise(10_000, 0, gaussian), 5_000, 3);
    const shorts = stepAt(noise(1_000, 0, gaussian), 500, 3);
    /** Processor time, which other programs do not lengthen much; the least of several. */
    const takes = (values: readonly number[]): number =>
      Math.min(
        ...Array.from({ length: 4 }, () => {
          const before = process.cpuUsage();
          findChangePoints(values);
          return process.cpuUsage(before).user / 1_000;
        }),
      );
    const [short, long] = [takes(shorts), takes(longs)];
    expect(long).toBeLessThan(1_000);
    expect(long / Math.max(short, 1)).toBeLessThan(40);
  });
});
