import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { baselines } from './baselines.ts';
import { hitRate, interpretationScore } from './interpretation-score.ts';
import { readMachines, type Machine } from './server-metrics.ts';

describe('scoring of ranked metrics', () => {
  it('counts labelled metrics among as many top ones, and among half as many again', () => {
    const ranked = { scores: [9, 1, 8, 7], labelled: [0, 3], samples: 10 };
    expect(hitRate(ranked, 1)).toBe(0.5);
    expect(hitRate(ranked, 1.5)).toBe(1);
  });

  it('metrics of equal score share their places', () => {
    expect(hitRate({ scores: [5, 5, 5, 5], labelled: [2], samples: 1 }, 1)).toBe(0.25);
    expect(hitRate({ scores: [9, 5, 5], labelled: [0, 1], samples: 1 }, 1)).toBe(0.75);
  });

  it('weighs segments by their samples, or all alike', () => {
    const all = [{ scores: [2, 1], labelled: [0], samples: 30 }, { scores: [2, 1], labelled: [1], samples: 10 }];
    expect(interpretationScore(all, 1)).toEqual({ byLength: 0.75, bySegment: 0.5 });
  });
});

describe('what others rank by', () => {
  const hours = Array.from({ length: 240 }, (_, hour) => hour);
  const machine: Machine = { name: 'omi-0', stepMs: 3_600_000, train: [hours.map((hour) => (hour % 24) / 24), hours.map((hour) => (hour % 5) / 50)], test: [[0.9, 0], [0, 0.4]], segments: [] };

  it('knows the hour of the day or does not', () => {
    const scores = (name: string) => baselines[name]!(machine)({ from: 0, to: 1, metrics: [0] });
    expect(scores('hour-of-day IQR')[0]).toBeCloseTo(90);
    expect(scores('RobustScorer')[0]).toBeLessThan(2);
    expect(scores('N-Sigma')[0]).toBeLessThan(2);
  });
});

describe('reading the data', () => {
  it('takes columns and labels, and refuses files of another size', () => {
    const folder = mkdtempSync(join(tmpdir(), 'culprit-metrics-'));
    try {
      writeFileSync(join(folder, 'meta.json'), JSON.stringify({ 'omi-1': { train: [2, 2], test: [1, 2], segs: [[0, 1, [2]]] } }));
      const matrix = (values: readonly number[]): Buffer => Buffer.from(Float32Array.from(values).buffer);
      writeFileSync(join(folder, 'omi-1.train.f32'), matrix([1, 2, 3, 4]));
      writeFileSync(join(folder, 'omi-1.test.f32'), matrix([5, 6]));
      expect(readMachines(folder)).toEqual({ ASD: [{ name: 'omi-1', stepMs: 300_000, train: [[1, 3], [2, 4]], test: [[5], [6]], segments: [{ from: 0, to: 1, metrics: [1] }] }], SMD: [] });
      writeFileSync(join(folder, 'omi-1.test.f32'), matrix([5]));
      expect(() => readMachines(folder)).toThrow('has 4 bytes where 1 rows of 2 numbers');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
