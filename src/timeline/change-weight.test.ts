import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Change, Ledger } from '../define/change.ts';
import { oddsOfChange } from './change-weight.ts';

const nowMs = Date.UTC(2026, 10, 23, 12);
const hourMs = 3_600_000;
const change = (hoursAgo: number, more: Partial<Change> = {}): Change => ({ atMs: nowMs - hoursAgo * hourMs, precisionMs: 1_000, kind: 'boot', what: 'kernel', components: ['kernel'], says: 'the host booted', source: 'boots', ...more });
const ledger = (...changes: readonly Change[]): Ledger => ({ changes: [...changes], gaps: [], nowMs });
const onset = (hoursAgo: number) => ({ fromMs: nowMs - (hoursAgo + 0.1) * hourMs, toMs: nowMs - hoursAgo * hourMs });
const odds = (hoursAgo: number, begun?: number): number => oddsOfChange(change(hoursAgo), ledger(change(hoursAgo)), begun === undefined ? undefined : onset(begun));

describe('how much a change is suspected by its time', () => {
  it('most where trouble began soon after it, and the more the sooner', () => {
    expect(odds(10.5, 10)).toBeGreaterThan(5);
    expect(odds(10.5, 10)).toBeGreaterThan(odds(40, 10));
    expect(odds(40, 10)).toBeGreaterThan(odds(800, 10));
  });

  it('not at all where trouble began before it, or weeks later', () => {
    expect(odds(5, 10)).toBe(1);
    expect(odds(900, 2)).toBe(1);
  });

  it('less where such changes come every day', () => {
    const often = Array.from({ length: 60 }, (_, index) => change(24 * index + 10.5));
    expect(oddsOfChange(often[0]!, ledger(...often), onset(10))).toBeLessThan(odds(10.5, 10));
    expect(oddsOfChange(change(70), ledger(...often, change(70)), onset(10))).toBe(1);
  });

  it('without a history, only what is young', () => {
    expect(odds(0.5)).toBeGreaterThan(2);
    expect(odds(0.5)).toBeGreaterThan(odds(48));
    expect(odds(1_000)).toBe(1);
  });

  it('less where the clock was not set', () => {
    const unsure = change(10.5, { clockUncertain: true });
    expect(oddsOfChange(unsure, ledger(unsure), onset(10))).toBeLessThan(odds(10.5, 10));
  });

  it('less where it may have come at any time of weeks, and as much where it went on until the trouble began', () => {
    const sometime = change(700, { precisionMs: 700 * hourMs });
    expect(oddsOfChange(sometime, ledger(sometime), onset(10))).toBeLessThan(odds(10.5, 10) / 2);
    const long = change(30, { durationMs: 19.5 * hourMs });
    expect(oddsOfChange(long, ledger(long), onset(10))).toBeCloseTo(odds(10.5, 10), 6);
    const soon = change(10.5, { precisionMs: 60_000 });
    expect(Math.abs(oddsOfChange(soon, ledger(soon), onset(10)) - odds(10.5, 10))).toBeLessThan(0.2);
  });

  it('between one and eight, whatever the times', () => {
    fc.assert(
      fc.property(fc.double({ min: -100, max: 5_000, noNaN: true }), fc.option(fc.double({ min: 0, max: 5_000, noNaN: true }), { nil: undefined }), (hoursAgo, begun) => {
        const value = odds(hoursAgo, begun);
        return value >= 1 && value <= 8;
      }),
    );
  });
});
