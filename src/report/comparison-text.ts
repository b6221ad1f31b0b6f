import type { Comparison, Difference, Suspicion } from '../define/comparison.ts';
import { bounded, forTerminal } from '../lib/hostile-text.ts';
import { hanging } from '../lib/text-layout.ts';
import { spanText } from './baseline.ts';
import type { RenderOptions } from './options.ts';
import { heading, makeStyle, type Page } from './text-style.ts';
import { clockTime, count, failureWords } from './words.ts';

const titles: Readonly<Record<Suspicion, string>> = { high: 'Most suspicious', medium: 'Suspicious', low: 'Hardly suspicious' };
const clean = (text: string): string => forTerminal(bounded(text, 1_000)).trim();

function sideWords({ name, hostname, startedAt, complete }: Comparison['before']): string {
  const host = hostname === undefined || hostname === name ? '' : ` (${clean(hostname)})`;
  return `${clean(name)}${host}, ${clockTime(startedAt)}${complete ? '' : ', incomplete'}`;
}

function laterText(before: string, after: string): string {
  return Date.parse(after) < Date.parse(before) ? `${spanText(after, before)} earlier: is the order right?` : `${spanText(before, after)} later`;
}

function differenceLines(differences: readonly Difference[], page: Page, begin: number): string[] {
  return differences.flatMap(({ subject, text }, index) => hanging(`${String(begin + index).padStart(4)}. `, `${clean(text)} ${page.style.dim(`[${subject}]`)}`, page.width));
}

/** What differs, for a terminal: the most suspicious first. */
export function renderComparison(comparison: Comparison, options: RenderOptions = {}): string {
  const page: Page = { width: Math.max(40, options.width ?? 80), style: makeStyle(options.colour ?? false), verbose: false };
  const { before, after, sameHost, differences, leftOut, notCompared } = comparison;
  const lines = [
    ...hanging('Before: ', sideWords(before), page.width),
    ...hanging('After:  ', `${sideWords(after)}${sameHost === false ? '' : `; ${laterText(before.startedAt, after.startedAt)}`}`, page.width),
  ];
  if (sameHost === false) lines.push(...hanging('        ', 'These are two hosts: what belongs to one machine, such as its disks and guests, counts little.', page.width));
  const suspicious = differences.filter(({ suspicion }) => suspicion !== 'low');
  lines.push('', page.style.bold(suspicious.length === 0 ? 'Nothing differs that matters.' : `${count(suspicious.length, 'difference')} that may matter, the most suspicious first.`));
  let begin = 1;
  for (const suspicion of ['high', 'medium', 'low'] as const) {
    const group = differences.filter((one) => one.suspicion === suspicion);
    if (group.length === 0) continue;
    lines.push('', heading(page, titles[suspicion], `${group.length}`), ...differenceLines(group, page, begin));
    begin += group.length;
  }
  if (leftOut > 0) lines.push('', ...hanging('', `${count(leftOut, 'further difference')} ${leftOut === 1 ? 'is' : 'are'} hardly suspicious; --all shows ${leftOut === 1 ? 'it' : 'them'}.`, page.width));
  if (notCompared.length > 0) {
    lines.push('', heading(page, 'Not compared', `${notCompared.length}, told by one of the two only`));
    for (const { title, missingIn, reason, detail } of notCompared.slice(0, 20)) lines.push(...hanging('  - ', `${title}: not read ${missingIn}, ${clean(failureWords(reason, detail))}`, page.width));
    if (notCompared.length > 20) lines.push(`    and ${notCompared.length - 20} more`);
  }
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}
