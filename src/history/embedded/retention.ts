import { dayMs, startOfDay, type Day } from './day.ts';

export interface Retention {
  readonly retentionDays?: number | undefined;
  readonly retentionBytes?: number | undefined;
}

/**
 * Which day files are to be deleted. A day is too old only when the clock says so and as many younger days are there: a clock that jumps years ahead deletes one day, not all.
 * `otherBytes` is what else the history takes on the disk.
 */
export function expiredDays(files: readonly { readonly day: Day; readonly bytes: number }[], otherBytes: number, nowMs: number, { retentionDays, retentionBytes }: Retention): Day[] {
  const newestFirst = [...files].sort((a, b) => (a.day < b.day ? 1 : -1));
  let bytes = otherBytes;
  return newestFirst.flatMap(({ day, bytes: size }, younger) => {
    const tooOld = retentionDays !== undefined && younger >= retentionDays && startOfDay(day) + dayMs < nowMs - retentionDays * dayMs;
    const tooMuch = retentionBytes !== undefined && bytes + size > retentionBytes;
    bytes += size;
    return tooOld || tooMuch ? [day] : [];
  });
}
