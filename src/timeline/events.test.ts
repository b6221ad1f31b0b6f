import { describe, expect, it } from 'vitest';
import type { Change, Component } from '../define/change.ts';
import { tellingChanges } from './events.ts';

const nowMs = Date.UTC(2026, 10, 23, 12);
const change = (daysAgo: number, components: Component[], more: Partial<Change> = {}): Change => ({ atMs: nowMs - daysAgo * 86_400_000, precisionMs: 1_000, kind: 'file', what: 'x', components, says: 'x', source: 'y', ...more });
const told = (changes: Change[], onset?: { fromMs: number; toMs: number }): number[] => tellingChanges({ changes, gaps: [], nowMs }, onset).map(({ atMs }) => Math.round((nowMs - atMs) / 8_640_000) / 10);

describe('the changes that a report tells', () => {
  it('are those of thirty days where causes live, and of one day elsewhere', () => {
    expect(told([change(40, ['kernel']), change(20, ['kernel']), change(20, ['other']), change(2, ['people']), change(0.5, ['other'])])).toEqual([20, 0.5]);
  });

  it('count back from when the trouble began', () => {
    expect(told([change(40, ['kernel']), change(20.5, ['people'])], { fromMs: nowMs - 20 * 86_400_000, toMs: nowMs - 19 * 86_400_000 })).toEqual([40, 20.5]);
  });

  it('hold boots, and packages that wait for one', () => {
    expect(told([change(9, [], { kind: 'boot' }), change(8, [], { kind: 'package' })])).toEqual([9, 8]);
  });

  it('tell of what is done again and again its last three times', () => {
    const nightly = Array.from({ length: 10 }, (_, index) => change(10 - index, ['guest'], { kind: 'task', says: 'a backup job ran' }));
    expect(told([...nightly, change(0.5, ['guest'], { kind: 'task', says: 'qemu/100 was started' })])).toEqual([3, 2, 1, 0.5]);
  });

  it('are sixty at most, the last ones', () => expect(told(Array.from({ length: 100 }, (_, index) => change(20 - index / 10, ['pool'], { says: `change ${index}` }))).length).toBe(60));
});
