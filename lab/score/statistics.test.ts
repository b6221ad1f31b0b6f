import { expect, it } from 'vitest';
import { bootstrapBounds, clopperPearson, median, quantile, seededRandom } from './statistics.ts';

it('takes the median and the nearest rank', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
  expect(median([])).toBeUndefined();
  const hundred = Array.from({ length: 100 }, (_, index) => index + 1);
  expect(quantile(hundred, 0.95)).toBe(95);
  expect(quantile(hundred, 1)).toBe(100);
  expect(quantile([7], 0.95)).toBe(7);
  expect(quantile([], 0.5)).toBeUndefined();
});

it('gives the known exact bounds', () => {
  expect(clopperPearson(0, 10).low).toBe(0);
  expect(clopperPearson(0, 10).high).toBeCloseTo(0.308_497, 5);
  expect(clopperPearson(10, 10).low).toBeCloseTo(0.691_503, 5);
  expect(clopperPearson(5, 10).low).toBeCloseTo(0.187_086, 5);
  expect(clopperPearson(5, 10).high).toBeCloseTo(0.812_914, 5);
  expect(clopperPearson(0, 0)).toEqual({ low: 0, high: 1 });
  expect(clopperPearson(990, 1000).low).toBeCloseTo(0.9817, 3);
});

it('draws the same numbers for the same seed, evenly', () => {
  const one = seededRandom(1);
  const other = seededRandom(1);
  const numbers = Array.from({ length: 10_000 }, one);
  expect(Array.from({ length: 10_000 }, other)).toEqual(numbers);
  expect(numbers.reduce((sum, value) => sum + value, 0) / 10_000).toBeCloseTo(0.5, 2);
  expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...numbers)).toBeLessThan(1);
});

it('draws whole families', () => {
  const independent = Array.from({ length: 40 }, (_, index) => ({ family: `f${index}`, hits: index < 32 ? 1 : 0, count: 1 }));
  const clustered = Array.from({ length: 5 }, (_, index) => ({ family: `f${index}`, hits: index < 4 ? 8 : 0, count: 8 }));
  const narrow = bootstrapBounds(independent);
  const wide = bootstrapBounds(clustered);
  expect(narrow.low).toBeGreaterThan(0.6);
  expect(narrow.high).toBeLessThan(0.95);
  expect(wide.high - wide.low).toBeGreaterThan(narrow.high - narrow.low);
  expect(bootstrapBounds(independent.toReversed())).toEqual(narrow);
});

it('has bounds where there is no spread', () => {
  const ten = Array.from({ length: 10 }, (_, index) => ({ family: `f${index}`, hits: 4, count: 4 }));
  expect(bootstrapBounds(ten)).toEqual(clopperPearson(10, 10));
  expect(bootstrapBounds(ten.map((one) => ({ ...one, hits: 0 })))).toEqual(clopperPearson(0, 10));
  expect(bootstrapBounds([{ family: 'one', hits: 1, count: 2 }])).toEqual({ low: 0, high: 1 });
  expect(bootstrapBounds([])).toEqual({ low: 0, high: 1 });
});
