import type { Report } from '../define/report.ts';
import { hanging, padded } from '../lib/text-layout.ts';
import { baselineIn } from './baseline.ts';
import { shellWord } from './command-line.ts';
import { leadingCauses, listed, ruledOutBySubject, shownReasons, unknownByMissing, type RuledOutGroup } from './outline.ts';
import { heading, type Page } from './text-style.ts';
import { count, duration, failureWords } from './words.ts';

function subjectLines(group: RuledOutGroup, page: Page): string[] {
  const { style } = page;
  const { shown, rest } = shownReasons(group, page.verbose);
  const texts = shown.map(({ because, ids }) => `${style.name(page.verbose ? ids.join(', ') : listed(ids, 6))}: ${because}`);
  if (rest.length > 0) texts.push(style.dim(`and ${rest.join(', ')}`));
  return texts.flatMap((text, index) => hanging(padded(index === 0 ? `  ${group.subject}` : '', 14), text, page.width));
}

/** What differs from the state that was kept as the baseline. */
export function baselineLines(report: Report, page: Page): string[] {
  const baseline = baselineIn(report);
  if (baseline === undefined) return [];
  return [
    heading(page, 'Differs from baseline', baseline.of.replace('baseline ', '')),
    ...baseline.differences.flatMap(({ text, suspicion }) => hanging('  - ', suspicion === 'high' ? page.style.warn(text) : text, page.width)),
    ...baseline.remarks.flatMap((text) => hanging('    ', page.style.dim(text), page.width)),
  ];
}

/** What is not to blame, by subject; every reason once, by default for some and by name for the rest. */
export function ruledOutLines(report: Report, page: Page): string[] {
  if (report.ruledOut.length === 0) return [];
  return [heading(page, 'Ruled out', `${report.ruledOut.length}`), ...ruledOutBySubject(report).flatMap((group) => subjectLines(group, page))];
}

/** What could not be told, by what is missing. */
export function unknownLines(report: Report, page: Page): string[] {
  const groups = unknownByMissing(report);
  if (groups.length === 0) return [];
  const shown = page.verbose ? groups : groups.slice(0, 8);
  const left = groups.slice(shown.length).reduce((sum, { ids }) => sum + ids.length, 0);
  return [
    heading(page, 'Cannot tell', `${report.unknown.length}, for want of`),
    ...shown.flatMap(({ missing, ids }) => hanging('  - ', `${missing} → ${page.style.name(page.verbose ? ids.join(', ') : listed(ids, 6))}`, page.width)),
    ...(left > 0 ? [page.style.dim(`    and ${left} more: see --verbose`)] : []),
  ];
}

/** What could not be read, why, and what root would add. */
export function notReadLines(report: Report, page: Page): string[] {
  if (report.notRead.length === 0) return [];
  const shown = page.verbose ? report.notRead : report.notRead.slice(0, 8);
  const left = report.notRead.length - shown.length;
  return [
    heading(page, 'Could not read', `${report.notRead.length}`),
    ...shown.flatMap(({ title, reason, detail, wouldDecide, rootAdds }) => {
      const why = failureWords(reason, detail);
      const adds = rootAdds ? ` ${page.style.bold('Root would add')} ${rootAdds}.` : '';
      const decides = wouldDecide.length > 0 ? page.style.dim(` Needed for ${listed(wouldDecide, page.verbose ? Infinity : 4)}.`) : '';
      return hanging('  - ', `${title}: ${why}.${adds}${decides}`, page.width);
    }),
    ...(left > 0 ? [page.style.dim(`    and ${left} more: see --verbose`)] : []),
  ];
}

/** Commands that hang on the host and could not be ended. */
export function leftBehindLines(report: Report, page: Page): string[] {
  if (report.leftBehind.length === 0) return [];
  return [
    heading(page, 'Left behind on the host'),
    ...hanging('  ', page.style.warn('These commands only read, but hang and cannot be killed; they end when what they wait for answers:'), page.width),
    ...report.leftBehind.flatMap((command) => hanging('  - ', command, page.width)),
  ];
}

/** What was done, step by step. */
export function stepLines(report: Report, page: Page): string[] {
  if (!page.verbose || report.steps.length === 0) return [];
  return [heading(page, 'Steps'), ...report.steps.flatMap(({ text, durationMs }) => hanging(`  ${duration(durationMs).padStart(12)}  `, text, page.width))];
}

/** How to get more than is shown. */
export function moreLines(report: Report, page: Page): string[] {
  const cause = leadingCauses(report)[0] ?? report.alsoNoticed[0];
  const ways = [
    ...(cause ? [`${page.style.name(`culprit explain ${shellWord(cause.id)}`)} says how to be sure by hand`] : []),
    ...(page.verbose ? [] : [`${page.style.name('--verbose')} shows all ${count(report.ruledOut.length + report.unknown.length, 'check')} in full`]),
    `${page.style.name('--html FILE')} writes it all to one page`,
  ];
  return [page.style.dim('─'.repeat(page.width)), ...hanging('More: ', `${ways.join('; ')}.`, page.width)];
}
