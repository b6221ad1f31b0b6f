import type { Report } from '../define/report.ts';
import { columnsOf, hanging, padded, wrapped, wrappedRaw } from '../lib/text-layout.ts';
import { shellWord } from './command-line.ts';
import { knownAdvice, waysOut, type WayOut } from './outline.ts';
import { heading, type Page } from './text-style.ts';

const labelColumns = 13;

/** A command that can be copied: broken between words only, with a backslash at the line's end. A word longer than a line is cut. */
export function commandLines(words: readonly string[], width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of words.map(shellWord)) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (columnsOf(longer) > width - 2 && line.trim() !== '') {
      lines.push(`${line} \\`);
      line = `  ${word}`;
    } else {
      line = longer;
    }
  }
  return [...lines, line].flatMap((text) => (columnsOf(text) > width ? wrappedRaw(text, width) : [text]));
}

function labelledLines(page: Page, label: string, texts: readonly string[], bullet = false): string[] {
  return texts
    .filter((text) => text !== '')
    .flatMap((text, index) => hanging(padded(index === 0 ? `     ${page.style.dim(label)}` : '', labelColumns) + (bullet ? '- ' : ''), text, page.width));
}

function wayOutLines({ mitigation, causes }: WayOut, number: number, several: boolean, page: Page): string[] {
  const { style } = page;
  const paint = { none: style.good, low: style.good, medium: style.warn, high: style.bad }[mitigation.risk];
  const run = mitigation.commands.flatMap((words) => commandLines(words, page.width - labelColumns));
  return [
    ...hanging(`  ${style.bold(`${number}.`)} `, `${style.bold(mitigation.title)}  ${paint(`risk: ${mitigation.risk}`)}`, page.width),
    ...wrapped(mitigation.riskSays, page.width - 5).filter((line) => line !== '').map((line) => `     ${line}`),
    ...(several ? labelledLines(page, 'ends', [causes.join(', ')]) : []),
    ...labelledLines(page, 'before', mitigation.preconditions, mitigation.preconditions.length > 1),
    ...run.map((line, index) => padded(index === 0 ? `     ${style.dim('run')}` : '', labelColumns) + style.name(line)),
    ...labelledLines(page, 'verify', [mitigation.verify]),
    ...labelledLines(page, 'undo', [mitigation.undo]),
  ];
}

/** The ways out: risk, what must hold before, what to run, how to see that it worked, how to go back. */
export function mitigationLines(report: Report, page: Page): string[] {
  const ways = waysOut(report);
  const advice = knownAdvice(report);
  if (ways.length === 0 && advice.length === 0) return [];
  return [
    heading(page, 'What to do', 'Culprit runs none of this'),
    ...advice.flatMap(({ issue, says }) => hanging('  - ', `${page.style.bold(issue)}: ${says}`, page.width)),
    ...ways.flatMap((way, index) => [...(index > 0 || advice.length > 0 ? [''] : []), ...wayOutLines(way, index + 1, report.causes.length > 1, page)]),
  ];
}
