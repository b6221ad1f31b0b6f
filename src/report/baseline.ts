import type { Report } from '../define/report.ts';
import { clockTime, count } from './words.ts';

/** The time between two ISO times, in the largest unit that says it well: "3 days". */
export function spanText(from: string, to: string): string {
  const minutes = (Date.parse(to) - Date.parse(from)) / 60_000;
  if (minutes < 120) return count(Math.round(minutes), 'minute');
  return minutes < 2_880 ? count(Math.round(minutes / 60), 'hour') : count(Math.floor(minutes / 1_440), 'day');
}

/** How old something is: "3 days old". */
export function ageText(from: string, to: string): string {
  return Date.parse(from) > Date.parse(to) ? 'taken later than this' : `${spanText(from, to)} old`;
}

/** What a report says about the baseline of its host; nothing where there is none. */
export interface BaselineWords {
  /** "baseline of 2026-01-02 03:04 UTC, 3 days old" */
  readonly of: string;
  /** Sentences about the comparison as a whole. */
  readonly remarks: readonly string[];
  readonly differences: readonly { readonly text: string; readonly suspicion: string }[];
}

export function baselineIn({ baseline, startedAt }: Report): BaselineWords | undefined {
  if (baseline === undefined) return undefined;
  const { takenAt, sameHost, differences, further } = baseline;
  return {
    of: `baseline of ${clockTime(takenAt)}, ${ageText(takenAt, startedAt)}`,
    remarks: [
      ...(sameHost === false ? ['The baseline is of a host with another name: it may be of another machine.'] : []),
      ...(differences.length === 0 ? ['Nothing differs that matters.'] : []),
      ...(further > 0 ? [`${count(further, 'further difference')} ${further === 1 ? 'is' : 'are'} less suspicious: culprit compare shows all.`] : []),
    ],
    differences: differences.map(({ text, suspicion }) => ({ text: `${text}.`, suspicion })),
  };
}
