import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { localTimeMs, logTimeMs } from './local-time.ts';

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

describe('times of log files', () => {
  const notAfter = Date.UTC(2026, 0, 3, 12);
  const at = (text: string, zone = berlin, notAfterMs = notAfter): string | undefined => {
    const atMs = logTimeMs(text, zone, notAfterMs);
    return atMs === undefined ? undefined : new Date(atMs).toISOString();
  };

  it('are of the latest year that is not yet to come', () => {
    expect(at('Jan  3 12:59:59')).toBe('2026-01-03T11:59:59.000Z');
    expect(at('Jan  3 13:00:01')).toBe('2025-01-03T12:00:01.000Z');
    expect(at('Dec 31 23:30:00')).toBe('2025-12-31T22:30:00.000Z');
    expect(at('Jan  1 00:30:00', berlin, Date.UTC(2025, 11, 31, 23, 45))).toBe('2025-12-31T23:30:00.000Z');
  });

  it('are of a leap year where the day asks for one, and have a zone of their own', () => {
    expect(at('Feb 29 10:00:00')).toBe('2024-02-29T09:00:00.000Z');
    expect(at('2026-01-03T12:00:00.123456-05:00')).toBe('2026-01-03T17:00:00.000Z');
  });

  it('are none in another language, or out of any calendar', () => {
    for (const text of ['Mai  3 12:00:00', '1月  3 12:00:00', 'Feb 30 10:00:00', 'Jan  0 10:00:00', 'Jan 3 25:00:00', '', '2026-13-45T99:99:99Z']) expect(at(text)).toBeUndefined();
    expect(at('Jan  3 12:00:00', berlin, Infinity)).toBeUndefined();
  });

  it('never lie after what they must not', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 31 }), fc.integer({ min: 0, max: 23 }), fc.date({ min: new Date('1990-01-01'), max: new Date('2090-01-01'), noInvalidDate: true }), (day, hour, end) => {
        const atMs = logTimeMs(`Mar ${String(day).padStart(2, ' ')} ${String(hour).padStart(2, '0')}:00:00`, berlin, end.getTime());
        return atMs !== undefined && atMs <= end.getTime() && atMs > end.getTime() - 367 * 86_400_000;
      }),
    );
  });
});
