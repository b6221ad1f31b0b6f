import type { Report } from '../define/report.ts';

/** One experiment with all that it found. */
export interface Tried {
  readonly title: string;
  readonly findings: readonly { readonly outcome: string; readonly text: string }[];
  /** "Speaks against disk-slow, disk-failing.", or nothing. */
  readonly tells: string;
}

/** The experiments of a report, one by one, in the order in which they were run. What one finding speaks for, another finding of the same experiment does not clear. */
export function triedIn(report: Report): Tried[] {
  const ids = [...new Set(report.experiments.map(({ id }) => id))];
  return ids.map((id) => {
    const own = report.experiments.filter((one) => one.id === id);
    const pro = new Set(own.flatMap(({ speaksFor = [] }) => speaksFor));
    const contra = new Set(own.flatMap(({ speaksAgainst = [] }) => speaksAgainst).filter((cause) => !pro.has(cause)));
    const says = (word: string, causes: ReadonlySet<string>): string[] => (causes.size === 0 ? [] : [`Speaks ${word} ${[...causes].join(', ')}.`]);
    return { title: own[0]?.title ?? id, findings: own, tells: [...says('for', pro), ...says('against', contra)].join(' ') };
  });
}
