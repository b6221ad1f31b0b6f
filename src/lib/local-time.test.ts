import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { localTimeMs } from './local-time.ts';

const berlin = { name: 'Europe/Berlin', offsetMinutes: 60 };
const iso = (text: string, zone = berlin): string | undefined => {
  const atMs = localTimeMs(text, zone);
  return atMs === undefined ? undefined : new Date(atMs).toISOString();
};

describe('local times of logs', () => {
  it('follow summer time of their day, not of today', () => {
    expect(iso('2026-07-01 12:00:00')).toBe('2026-07-01T10:00:00.000Z');
    expect(iso('2026-12-01 12:00:00')).toBe('2026-12-01T11:00:00.000Z');
  });

  it('an hour that comes twice is its first run, one that never comes is after the jump', () => {
    expect(iso('2026-10-25 02:30:00')).toBe('2026-10-25T00:30:00.000Z');
    expect(iso('2026-03-29 02:30:00')).toBe('2026-03-29T01:30:00.000Z');
  });

  it('know the other forms of logs', () => {
    expect(iso('2026-07-01  12:00:00')).toBe(iso('2026-07-01T12:00:00'));
    expect(iso('2026-07-01.12:00:00')).toBe(iso('2026-07-01 12:00:00'));
  });

  it('without a known zone take the offset of now', () => {
    expect(iso('2026-07-01 12:00:00', { name: 'Nowhere/Else', offsetMinutes: 330 })).toBe('2026-07-01T06:30:00.000Z');
    expect(localTimeMs('2026-07-01 12:00:00', { offsetMinutes: 0 })).toBe(Date.UTC(2026, 6, 1, 12));
  });

  it('that are none are none', () => {
    for (const text of ['', 'yesterday', '2026-13-01 12:00:00', '2026-07-01 25:00:00', '2026-07-01', '١٢٣٤-٠١-٠١ 00:00:00']) expect(localTimeMs(text, berlin)).toBeUndefined();
  });

  it('come back to what the wall showed, in any zone and season', () => {
    const zones = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'America/Sao_Paulo', 'UTC'];
    fc.assert(
      fc.property(fc.constantFrom(...zones), fc.integer({ min: Date.UTC(2015, 0), max: Date.UTC(2030, 0) }), (name, at) => {
        const shown = new Intl.DateTimeFormat('sv-SE', { timeZone: name, dateStyle: 'short', timeStyle: 'medium' }).format(at);
        const back = localTimeMs(shown, { name, offsetMinutes: 0 });
        return back !== undefined && new Intl.DateTimeFormat('sv-SE', { timeZone: name, dateStyle: 'short', timeStyle: 'medium' }).format(back) === shown && Math.abs(back - at) < 3_601_000;
      }),
    );
  });
});
