const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      calendar: 'iso8601',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      timeZoneName: 'longOffset',
    });
    formats.set(zone, format);
  }
  return format;
}

/** Whether a name is one of the IANA time zone database, or `UTC`. */
export function isTimeZone(name: string): boolean {
  try {
    formatOf(name);
    return true;
  } catch {
    return false;
  }
}

/** ISO 8601 in UTC; what no clock can show becomes the nearest that one can. */
export function isoTime(atMs: number): string {
  return new Date(Math.min(8.64e15, Math.max(-8.64e15, Number.isFinite(atMs) ? atMs : 0))).toISOString();
}

/** `2026-11-02 09:12:33 +01:00`: a moment (milliseconds since 1970) on the clocks of a time zone, with what makes it unmistakable. */
export function zonedTime(atMs: number, zone: string): string {
  if (!Number.isFinite(atMs) || Math.abs(atMs) > 8.64e15) return 'at no known time';
  const parts = formatOf(zone).formatToParts(atMs);
  const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? '';
  const offset = part('timeZoneName').replace('GMT', '');
  return `${part('year')}-${part('month')}-${part('day')} ${part('hour')}:${part('minute')}:${part('second')} ${offset === '' || offset === '+00:00' ? 'UTC' : offset}`;
}
