/** A time with its zone, as `last --time-format iso` has it: `2026-11-23T13:06:40+01:00`. */
export const isoWithZone = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[+-]\d\d:?\d\d|Z)$/;

/** How a host's clock on the wall relates to UTC. */
export interface LocalZone {
  /** Name in the IANA database, where the host has one. */
  readonly name?: string | undefined;
  /** Minutes east of UTC at the time of the look: all that is known where there is no name. */
  readonly offsetMinutes: number;
}

const formats = new Map<string, Intl.DateTimeFormat | undefined>();

function formatOf(name: string): Intl.DateTimeFormat | undefined {
  if (!formats.has(name)) {
    try {
      formats.set(name, new Intl.DateTimeFormat('en-US', { timeZone: name, calendar: 'iso8601', numberingSystem: 'latn', hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' }));
    } catch {
      formats.set(name, undefined);
    }
  }
  return formats.get(name);
}

/** Milliseconds that local time is ahead of UTC at a moment, or undefined for a zone that nobody knows. */
function offsetMsAt(name: string, atMs: number): number | undefined {
  const parts = formatOf(name)?.formatToParts(atMs);
  if (parts === undefined) return undefined;
  const part = (type: string): number => Number(parts.find((one) => one.type === type)?.value);
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second')) - Math.floor(atMs / 1_000) * 1_000;
}

/** `2026-11-02 08:12:33`, also with a `T`, a point or two blanks between date and time. */
const pattern = /^(\d{4})-(\d\d)-(\d\d)(?:T|\.| {1,2})(\d\d):(\d\d):(\d\d)$/;

/**
 * The moment (milliseconds since 1970, UTC) of a local time without a zone, as logs have it. An hour that the clock skips is taken as after the jump, one that it repeats as its first run. Undefined
 * for what is no time.
 */
export function localTimeMs(text: string, { name, offsetMinutes }: LocalZone): number | undefined {
  const [, year, month, day, hour, minute, second] = (pattern.exec(text) ?? []).map(Number);
  if (year === undefined || month === undefined || day === undefined || hour === undefined || minute === undefined || second === undefined) return undefined;
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60) return undefined;
  const asUtc = Date.UTC(year, month - 1, day, hour, minute, second);
  if (name === undefined || formatOf(name) === undefined) return asUtc - offsetMinutes * 60_000;
  const dayMs = 86_400_000;
  const candidates = [offsetMsAt(name, asUtc - dayMs) ?? 0, offsetMsAt(name, asUtc + dayMs) ?? 0].map((offset) => asUtc - offset);
  return candidates.find((atMs) => offsetMsAt(name, atMs) === asUtc - atMs) ?? candidates[0];
}

/** rsyslog writes English names whatever the locale is (RFC 3164). */
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const withoutYear = /^([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d\d:\d\d:\d\d)$/;
const withZone = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d{1,9})?([+-]\d\d:?\d\d|Z)$/;

/**
 * The moment of a line of a log file: `Nov 23 13:06:40`, local and of the latest year in which it is not after `notAfterMs`, or RFC 3339 with its zone. Undefined for what is no time, and for one that
 * no such year within eight has (29 February).
 */
export function logTimeMs(text: string, zone: LocalZone, notAfterMs: number): number | undefined {
  const [, day, offset] = withZone.exec(text) ?? [];
  if (day !== undefined && offset !== undefined) {
    const atMs = Date.parse(`${day}${offset}`);
    return Number.isFinite(atMs) ? atMs : undefined;
  }
  const [, monthName = '', dayOfMonth = '', clock] = withoutYear.exec(text) ?? [];
  const month = months.indexOf(monthName) + 1;
  if (clock === undefined || month === 0 || !Number.isFinite(new Date(notAfterMs).getTime())) return undefined;
  const [date, latest] = [Number(dayOfMonth), new Date(notAfterMs).getUTCFullYear() + 1];
  for (let year = latest; year > latest - 10 && year > 1970; year -= 1) {
    if (year > 9_999 || date < 1 || date > new Date(Date.UTC(year, month, 0)).getUTCDate()) continue;
    const atMs = localTimeMs(`${year}-${String(month).padStart(2, '0')}-${String(date).padStart(2, '0')} ${clock}`, zone);
    if (atMs !== undefined && atMs <= notAfterMs) return atMs;
  }
  return undefined;
}
