import { describe, expect, it } from 'vitest';
import { rates } from '../../catalog/alarms/measure.ts';
import type { AlarmKind } from '../../define/alarm-kind.ts';
import type { History } from '../../define/history.ts';
import { pastReadings } from './past-readings.ts';
import { learnFromHistory } from './warm-up.ts';

const minuteMs = 60_000;
const startMs = Date.UTC(2026, 5, 1);
const kind: AlarmKind = {
  id: 'busy',
  subject: 'cpu',
  title: 'Busy',
  about: '',
  unit: '%',
  severity: 'warning',
  metrics: ['work_seconds_total'],
  measure: (view) => rates(view, 'work_seconds_total', 180).map(({ labels, value }) => ({ object: `cpu/${labels['cpu'] ?? ''}`, value: 100 * value })),
  bad: 'above',
  fixedLimit: 80,
  learned: true,
  forSeconds: 60,
  clearSeconds: 60,
  says: () => '',
  examples: { raised: [], quiet: [] },
};

/** A counter of seconds that grows by this share of the time, a sample each step. */
function counting(shareAt: (atMs: number) => number, asked: string[] = [], sinceMs = -Infinity): History {
  return {
    series: async ({ metric, labels }, fromMs, toMs, stepSeconds) => {
      asked.push(`${metric} ${JSON.stringify(labels)} ${(toMs - fromMs) / minuteMs}`);
      const timesMs: number[] = [];
      const values: number[] = [];
      let sum = 1_000;
      for (let atMs = fromMs; atMs <= toMs; atMs += stepSeconds * 1_000) {
        if (atMs < sinceMs) continue;
        sum += stepSeconds * shareAt(atMs);
        timesMs.push(atMs);
        values.push(sum);
      }
      return timesMs.length === 0 ? [] : [{ metric, labels: { instance: 'pve1', job: 'node', cpu: '0' }, timesMs, values }];
    },
  };
}

describe('what alarms would have read', () => {
  it('follows the rates of the past, at each step', async () => {
    const { timesMs, byObject } = await pastReadings(kind, counting((atMs) => (atMs < startMs + 10 * minuteMs ? 0.1 : 0.5)), { instance: 'pve1' }, startMs, startMs + 20 * minuteMs, 60);
    expect(timesMs).toHaveLength(21);
    const values = byObject.get('cpu/0')?.map((value) => Math.round(value ?? Number.NaN));
    expect(values?.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 10));
    expect(values?.slice(14)).toEqual(Array.from({ length: 7 }, () => 50));
  });

  it('has a gap where nothing was measured', async () => {
    const { byObject } = await pastReadings(kind, counting(() => 0.1, [], startMs + 10 * minuteMs), {}, startMs, startMs + 20 * minuteMs, 60);
    expect(byObject.get('cpu/0')?.slice(0, 11)).toEqual(Array.from({ length: 11 }, () => undefined));
    expect(byObject.get('cpu/0')?.at(-1)).toBeCloseTo(10);
  });
});

describe('learning from the history', () => {
  const nowMs = startMs + 28 * 86_400_000;

  it('knows what is usual from four weeks before the first look, asked for day by day', { timeout: 60_000 }, async () => {
    const asked: string[] = [];
    const learned = await learnFromHistory([kind, { ...kind, id: 'not-learned', learned: false }], counting((atMs) => 0.3 + 0.02 * Math.sin(atMs / 1e6), asked), { instance: 'pve1' }, nowMs);
    expect(asked).toHaveLength(28);
    expect(asked[0]).toMatch(/^work_seconds_total \{"instance":"pve1"\} 14\d\d/);
    const threshold = learned?.at('busy', 'cpu/0', 'above', nowMs, 1);
    expect(threshold?.expected).toBeGreaterThan(25);
    expect(threshold?.expected).toBeLessThan(35);
    expect(threshold?.limit).toBeGreaterThan(31);
    expect(threshold?.limit).toBeLessThan(60);
  });

  it('is nothing where nothing was measured, and ends when it is told to', async () => {
    expect(await learnFromHistory([kind], { series: async () => [] }, {}, nowMs)).toBeUndefined();
    await expect(learnFromHistory([kind], { series: async () => [] }, {}, nowMs, AbortSignal.abort())).rejects.toThrow('aborted');
  });
});
