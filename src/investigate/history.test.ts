import { describe, expect, it } from 'vitest';
import type { History } from '../define/history.ts';
import { askHistory, noHistory } from './history.ts';

const minuteMs = 60_000;
const nowMs = Date.UTC(2026, 10, 23, 12);

/** Two processors that wait for input and output a quarter of the time each, and a load of 3; every question is written down. */
function fake(): History & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    series: async ({ metric, labels }, fromMs, toMs, stepSeconds) => {
      asked.push(`${metric} ${labels?.['mode'] ?? ''} ${stepSeconds}`);
      const timesMs = Array.from({ length: Math.floor((toMs - fromMs) / (stepSeconds * 1_000)) + 1 }, (_, index) => fromMs + index * stepSeconds * 1_000);
      if (metric === 'node_load1') return [{ metric, labels: { instance: 'pve1:9100', job: 'node' }, timesMs, values: timesMs.map(() => 3) }];
      if (metric === 'node_cpu_seconds_total' && labels?.['mode'] === 'iowait') return ['0', '1'].map((cpu) => ({ metric, labels: { instance: 'pve1:9100', cpu, mode: 'iowait' }, timesMs, values: timesMs.map((timeMs) => timeMs / 4_000) }));
      return [];
    },
  };
}

describe('the history of a server as an answer', () => {
  it('has counters as rates, summed over processors, without the labels of the scrape', async () => {
    const { stdout, exitStatus, probe } = await askHistory(fake(), 'pve1:9100', nowMs);
    expect([probe, exitStatus]).toEqual(['prometheus-history', 0]);
    const { instance, series } = JSON.parse(stdout) as { instance: string; series: { metric: string; labels: object; timesMs: number[]; values: number[] }[] };
    expect(instance).toBe('pve1:9100');
    expect(series.map(({ metric, labels }) => [metric, labels])).toEqual([['node_load1', {}], ['node_cpu_seconds_total:rate', { mode: 'iowait' }]]);
    expect(new Set(series[1]!.values)).toEqual(new Set([0.5]));
  });

  it('is finer towards the present, in one ascending course', async () => {
    const { stdout } = await askHistory(fake(), 'pve1:9100', nowMs);
    const { timesMs } = (JSON.parse(stdout) as { series: { timesMs: number[] }[] }).series[0]!;
    const steps = timesMs.slice(1).map((timeMs, index) => (timeMs - timesMs[index]!) / minuteMs);
    expect(steps.every((step) => step > 0)).toBe(true);
    expect([steps[0], steps.at(-1)]).toEqual([30, 1]);
    expect(timesMs.at(-1)).toBe(nowMs);
  });

  it('that could not be had says why', () => expect(noHistory('the server is gone')).toMatchObject({ exitStatus: 120, stdout: 'the server is gone\n' }));
});
