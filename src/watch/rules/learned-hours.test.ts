import { describe, expect, it } from 'vitest';
import { limitsOfWeek } from './learned-hours.ts';

const hourMs = 3_600_000;
/** A Wednesday, 13:20 UTC. */
const nowMs = Date.UTC(2026, 10, 25, 13, 20);

describe('limitsOfWeek', () => {
  it('is one piece where the limit is always the same', () => {
    expect(limitsOfWeek(() => 12.04, nowMs)).toEqual([{ fromHour: 0, toHour: 168, limit: 12 }]);
  });

  it('counts hours from Sunday, in UTC, wherever in the week it begins', () => {
    const nightly = (atMs: number): number => (new Date(atMs).getUTCHours() < 2 ? 40 : 10);
    const pieces = limitsOfWeek(nightly, nowMs);
    expect(pieces.slice(0, 3)).toEqual([{ fromHour: 0, toHour: 2, limit: 40 }, { fromHour: 2, toHour: 24, limit: 10 }, { fromHour: 24, toHour: 26, limit: 40 }]);
    expect(pieces).toHaveLength(14);
    const sunday = (atMs: number): number => (new Date(atMs).getUTCDay() === 0 ? 99 : 10);
    expect(limitsOfWeek(sunday, nowMs + 55 * hourMs)).toEqual([{ fromHour: 0, toHour: 24, limit: 99 }, { fromHour: 24, toHour: 168, limit: 10 }]);
  });

  it('leaves out what is not known, and what has no end', () => {
    expect(limitsOfWeek(() => undefined, nowMs)).toEqual([]);
    expect(limitsOfWeek(() => Infinity, nowMs)).toEqual([]);
    expect(limitsOfWeek((atMs) => (new Date(atMs).getUTCDay() === 3 ? 5 : undefined), nowMs)).toEqual([{ fromHour: 72, toHour: 96, limit: 5 }]);
  });
});
