import { describe, expect, it } from 'vitest';
import { isoTime, isTimeZone, zonedTime } from './zoned-time.ts';

describe('a moment on the clocks of a zone', () => {
  const summer = Date.UTC(2023, 8, 21, 2, 14, 7);
  it('says the offset that held then', () => {
    expect(zonedTime(summer, 'UTC')).toBe('2023-09-21 02:14:07 UTC');
    expect(zonedTime(summer, 'Europe/Berlin')).toBe('2023-09-21 04:14:07 +02:00');
    expect(zonedTime(Date.UTC(2023, 11, 31, 23, 30), 'Europe/Berlin')).toBe('2024-01-01 00:30:00 +01:00');
    expect(zonedTime(summer, 'Asia/Kathmandu')).toBe('2023-09-21 07:59:07 +05:45');
  });
  it('tells the two hours of an autumn night apart', () => {
    expect(zonedTime(Date.UTC(2023, 9, 29, 0, 30), 'Europe/Berlin')).toBe('2023-10-29 02:30:00 +02:00');
    expect(zonedTime(Date.UTC(2023, 9, 29, 1, 30), 'Europe/Berlin')).toBe('2023-10-29 02:30:00 +01:00');
  });
  it('is total in its time and knows what is no zone', () => {
    expect(zonedTime(Number.NaN, 'UTC')).toBe('at no known time');
    expect(zonedTime(1e17, 'UTC')).toBe('at no known time');
    expect([isoTime(summer), isoTime(Number.NaN), isoTime(1e300)]).toEqual(['2023-09-21T02:14:07.000Z', '1970-01-01T00:00:00.000Z', '+275760-09-13T00:00:00.000Z']);
    expect(isTimeZone('Europe/Vienna')).toBe(true);
    expect(isTimeZone('Middle/Earth')).toBe(false);
  });
});
