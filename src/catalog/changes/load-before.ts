import type { BeforeSource, Load } from '../../define/dependency-graph.ts';
import type { Series } from '../../define/series.ts';
import { mean, median } from '../../lib/averages.ts';

/** What was counted of requests and bytes, up to one moment. */
export interface Counted {
  readonly reads: number;
  readonly writes: number;
  readonly readBytes: number;
  readonly writtenBytes: number;
}

/** Means over less than this are no "before": the boot itself, or the start of a guest, is most of what they saw. */
const leastSeconds = 300;
/** What happens now lies within the means too; they must be over a time much longer than the window in which now is measured. */
const leastWindows = 30;

/** Whether the mean over `seconds` says what was usual, beside a window of `windowSeconds`. */
export function isLongEnough(seconds: number, windowSeconds: number): boolean {
  return seconds >= leastSeconds && seconds >= leastWindows * windowSeconds;
}

/** So many bytes are counted as one more request: between a mechanical disk, which moves a megabyte in the time of a seek, and a solid-state disk, which moves some tens of kilobytes in that of a request. */
const bytesLikeARequest = 262_144;

/** What the requests of that time ask of a disk: their number, and their bytes as so many requests more. */
export function costOf({ reads, writes, readBytes, writtenBytes }: Counted): number {
  return reads + writes + (readBytes + writtenBytes) / bytesLikeARequest;
}

/** What was counted between two moments; counters that went backwards count as nothing. */
export function countedBetween(first: Counted, second: Counted): Counted {
  const grown = (key: keyof Counted): number => Math.max(0, second[key] - first[key]);
  return { reads: grown('reads'), writes: grown('writes'), readBytes: grown('readBytes'), writtenBytes: grown('writtenBytes') };
}

export interface Change {
  readonly before: Load;
  readonly after: Load;
  readonly beforeFrom: BeforeSource;
}

const leastSamples = 12;
const leastSpanMs = 3 * 3_600_000;
const lastHourMs = 3_600_000;

/** The samples of a series from before the trouble: before its onset, or where that is not known, all but the last hour. None where they are few. */
export function valuesBefore(series: Series | undefined, onsetMs: number | undefined): readonly number[] {
  const lastMs = series?.timesMs.at(-1);
  if (series === undefined || lastMs === undefined) return [];
  const untilMs = onsetMs ?? lastMs - lastHourMs;
  const count = series.timesMs.filter((at) => at < untilMs).length;
  if (count < leastSamples || series.timesMs[count - 1]! - series.timesMs[0]! < leastSpanMs) return [];
  return series.values.slice(0, count).filter((value) => Number.isFinite(value) && value >= 0);
}

/** The mean of what several series say of the time before, added up; undefined where one of them does not reach back. */
export function rateBefore(all: readonly (Series | undefined)[], onsetMs: number | undefined): number | undefined {
  const means = all.map((series) => {
    const values = valuesBefore(series, onsetMs);
    return values.length > 0 ? mean(values) : undefined;
  });
  return means.reduce<number | undefined>((sum, value) => (sum === undefined || value === undefined ? undefined : sum + value), 0);
}

/** The usual value of a latency before; samples without any request, which are written as 0, do not count. */
export function usualBefore(series: Series | undefined, onsetMs: number | undefined): number | undefined {
  return median(valuesBefore(series, onsetMs).filter((value) => value > 0));
}
