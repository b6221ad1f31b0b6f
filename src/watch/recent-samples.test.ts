import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ratePerSecond } from '../catalog/alarms/measure.ts';
import type { Sample } from '../define/sample.ts';
import { RecentSamples, secondsOfMetrics } from './recent-samples.ts';

const settings = { secondsOf: new Map([['up', 600], ['node_load5', 600], ['bytes_total', 600]]), mostSeriesPerHost: 3 };
const at = (timeMs: number, metric: string, value: number, labels: Record<string, string> = {}): Sample => ({ metric, labels, timeMs, value });

function filled(...samples: readonly Sample[]): RecentSamples {
  const recent = new RecentSamples(settings);
  for (const sample of samples) recent.append({ host: 'pve1', timeMs: sample.timeMs, samples: [sample], ended: [] });
  return recent;
}

describe('the last minutes in memory', () => {
  it('gives the samples of one host and one metric, within what is asked for', () => {
    const recent = filled(at(1_000, 'up', 1), at(16_000, 'up', 0), at(31_000, 'up', 1), at(31_000, 'node_load5', 3));
    expect(recent.view('pve1', 31_000).series('up', 20)).toEqual([{ metric: 'up', labels: {}, timesMs: [16_000, 31_000], values: [0, 1] }]);
    expect(recent.view('pve2', 31_000).series('up', 20)).toEqual([]);
  });

  it('keeps no metric that no alarm looks at, and nothing that is no number', () => {
    const recent = filled(at(1_000, 'other', 1), at(1_000, 'up', Number.NaN), at(1_000, 'up', Number.POSITIVE_INFINITY));
    expect(recent.view('pve1', 1_000).series('other', 60)).toEqual([]);
    expect(recent.view('pve1', 1_000).series('up', 60)).toEqual([]);
  });

  it('sees nothing of what comes later than the time that is looked at', () => {
    expect(filled(at(1_000, 'up', 1), at(90_000, 'up', 0)).view('pve1', 60_000).series('up', 600)).toMatchObject([{ values: [1] }]);
  });

  it('forgets a series that ended, and one that is too old', () => {
    const recent = filled(at(1_000, 'up', 1), at(1_000, 'node_load5', 2));
    recent.append({ host: 'pve1', timeMs: 16_000, samples: [], ended: [{ metric: 'up', labels: {} }] });
    expect(recent.view('pve1', 16_000).series('up', 600)).toEqual([]);
    expect(recent.view('pve1', 16_000).series('node_load5', 600)).toHaveLength(1);
    recent.view('pve1', 1_000_000);
    expect(recent.view('pve1', 16_000).series('node_load5', 600)).toEqual([]);
  });

  it('takes no more series of a host than it may have, and counts the others', () => {
    const recent = filled(...['a', 'b', 'c', 'd'].map((device) => at(1_000, 'up', 1, { device })));
    expect(recent.view('pve1', 1_000).series('up', 60)).toHaveLength(3);
    expect(recent.refused()).toEqual(new Map([['pve1', 1]]));
  });

  it('a value that never changes costs two samples, and its rate stays what it is', () => {
    const recent = filled(...Array.from({ length: 40 }, (_, index) => at(index * 15_000, 'bytes_total', 7)));
    const [series] = recent.view('pve1', 585_000).series('bytes_total', 120);
    expect(series).toMatchObject({ timesMs: [465_000, 585_000], values: [7, 7] });
    expect(ratePerSecond(series!)).toBe(0);
  });

  it('rates over any window are those of all samples', () => {
    const steps = fc.array(fc.constantFrom(0, 0, 0, 1, 5), { minLength: 3, maxLength: 40 });
    fc.assert(
      fc.property(steps, fc.integer({ min: 2, max: 40 }), (increases, looks) => {
        let value = 0;
        const samples = increases.map((increase, index) => at(index * 15_000, 'bytes_total', (value += increase)));
        const nowMs = samples.at(-1)!.timeMs;
        const fromMs = Math.max(0, nowMs - looks * 15_000);
        const [series] = filled(...samples).view('pve1', nowMs).series('bytes_total', (nowMs - fromMs) / 1000);
        const all = samples.filter(({ timeMs }) => timeMs >= fromMs);
        expect(ratePerSecond(series!)).toBeCloseTo(ratePerSecond({ timesMs: all.map(({ timeMs }) => timeMs), values: all.map((one) => one.value) })!, 9);
      }),
    );
  });
});

it('a metric is kept as long as the kind that looks back farthest', () => {
  const kinds = [{ metrics: ['up'] }, { metrics: ['up', 'node_load5'], looksBackSeconds: 3600 }] as never;
  expect(secondsOfMetrics(kinds)).toEqual(new Map([['up', 3600], ['node_load5', 3600]]));
});
