/** A limit that counts from one hour of the week to another, Sunday 00:00 UTC being 0; `toHour` is excluded. */
export interface HourLimit {
  readonly fromHour: number;
  readonly toHour: number;
  readonly limit: number;
}

export const hoursOfWeek = 168;
const hourMs = 3_600_000;
/** 4 January 1970 was a Sunday. */
const firstSundayMs = 3 * 24 * hourMs;

/** Two significant digits: what a limit of a tail is worth. */
const rounded = (value: number): number => Number(value.toPrecision(2));

/**
 * What a learned limit will be through a week from `nowMs` on, in as few pieces as equal limits (to two significant digits) allow. Hours in which nothing is known are left out.
 * Prometheus' `day_of_week()` counts from Sunday, in UTC.
 */
export function limitsOfWeek(limitAt: (atMs: number) => number | undefined, nowMs: number): HourLimit[] {
  const limits = Array.from<number | undefined>({ length: hoursOfWeek });
  const firstHour = Math.floor(nowMs / hourMs);
  for (let hour = firstHour; hour < firstHour + hoursOfWeek; hour += 1) {
    const ofWeek = Math.floor((hour * hourMs - firstSundayMs) / hourMs) % hoursOfWeek;
    const limit = limitAt(hour * hourMs + hourMs / 2);
    if (limit !== undefined && Number.isFinite(limit)) limits[ofWeek] = rounded(limit);
  }
  const pieces: { fromHour: number; toHour: number; limit: number }[] = [];
  for (const [hour, limit] of limits.entries()) {
    const last = pieces.at(-1);
    if (limit === undefined) continue;
    if (last !== undefined && last.limit === limit && last.toHour === hour) last.toHour = hour + 1;
    else pieces.push({ fromHour: hour, toHour: hour + 1, limit });
  }
  return pieces;
}
