import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seriesSchema } from '../define/history.ts';
import { SeriesBuilder } from './series-builder.ts';

describe('SeriesBuilder', () => {
  it('orders samples, keeps the last of two at one time, and adds up where it is told to', () => {
    const builder = new SeriesBuilder(10, 100);
    builder.set('node_load1', {}, 2000, 2);
    builder.set('node_load1', {}, 1000, 1);
    builder.set('node_load1', {}, 1000, 3);
    builder.set('cpu', { mode: 'user' }, 1000, 0.5, true);
    builder.set('cpu', { mode: 'user' }, 1000, 0.25, true);
    expect(builder.all()).toEqual([
      { metric: 'node_load1', labels: {}, timesMs: [1000, 2000], values: [3, 2] },
      { metric: 'cpu', labels: { mode: 'user' }, timesMs: [1000], values: [0.75] },
    ]);
  });

  it('leaves out what is over its bounds, and what is no number', () => {
    const builder = new SeriesBuilder(1, 2);
    for (const [timeMs, value] of [[1, 1], [2, Number.NaN], [Number.POSITIVE_INFINITY, 1], [3, 3], [4, 4]] as const) builder.set('a', {}, timeMs, value);
    builder.set('b', {}, 1, 1);
    expect(builder.all()).toEqual([{ metric: 'a', labels: {}, timesMs: [1, 3], values: [1, 3] }]);
  });

  it('gives series as they are defined, whatever comes in', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom('a', 'b'), fc.integer(), fc.double(), fc.boolean()), { maxLength: 60 }), (samples) => {
        const builder = new SeriesBuilder(5, 50);
        for (const [metric, timeMs, value, add] of samples) builder.set(metric, {}, timeMs, value, add);
        for (const series of builder.all()) expect(seriesSchema.safeParse(series).success).toBe(true);
      }),
    );
  });
});
