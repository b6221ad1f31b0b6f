import type { Report } from '../define/report.ts';
import { cleanReport } from './clean-report.ts';
import type { RenderOptions } from './options.ts';
import { causesLines, experimentLines } from './text-causes.ts';
import { baselineLines, leftBehindLines, moreLines, notReadLines, ruledOutLines, stepLines, unknownLines } from './text-lists.ts';
import { mitigationLines } from './text-mitigations.ts';
import { makeStyle, type Page } from './text-style.ts';
import { alsoNoticedLines, historyLines, symptomLines, verdictLines } from './text-verdict.ts';

type Section = (report: Report, page: Page) => string[];

const whole: readonly Section[] = [
  verdictLines,
  causesLines,
  experimentLines,
  mitigationLines,
  symptomLines,
  historyLines,
  baselineLines,
  alsoNoticedLines,
  ruledOutLines,
  unknownLines,
  notReadLines,
  leftBehindLines,
  stepLines,
  moreLines,
];
const ofHealthy: readonly Section[] = [verdictLines, baselineLines, alsoNoticedLines, unknownLines, notReadLines, leftBehindLines, moreLines];

const narrowest = 40;

/** The report for a terminal. No line is wider than the width asked for, which is at least 40 columns. */
export function renderText(report: Report, options: RenderOptions = {}): string {
  const page: Page = {
    width: Math.max(narrowest, options.width ?? 80),
    style: makeStyle(options.colour ?? false),
    verbose: options.verbose ?? false,
  };
  const clean = cleanReport(report);
  const sections = clean.verdict.status === 'healthy' && !page.verbose ? ofHealthy : whole;
  const blocks = sections.map((section) => section(clean, page).map((line) => line.trimEnd()).join('\n'));
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}
