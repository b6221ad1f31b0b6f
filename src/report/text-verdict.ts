import type { Report } from '../define/report.ts';
import { columnsOf, hanging, padded, wrapped } from '../lib/text-layout.ts';
import { eventsInOrder, keyEvents, leadingCauses, listed, symptomTitles } from './outline.ts';
import { heading, statusPaint, type Page } from './text-style.ts';
import { clockTime, count, dataAtRiskWords, duration, hostName, hostParts, percent, prohibitions, statusWords, urgencyWords } from './words.ts';

const labelColumns = 16;

/** A label and beside it a paragraph, or several with bullets. */
export function labelled(page: Page, label: string, texts: readonly string[], columns = labelColumns): string[] {
  return texts.flatMap((text, index) => {
    const first = padded(index === 0 ? `  ${page.style.dim(label)}` : '', columns);
    return hanging(texts.length > 1 ? `${first}- ` : first, text, page.width);
  });
}

/** What it is, how sure, how urgent, what not to do, what helps at once; then which host this is. */
export function verdictLines(report: Report, page: Page): string[] {
  const { style, width } = page;
  const { verdict } = report;
  const paint = statusPaint(style, verdict.status);
  const edge = paint('▌ ');
  const leading = leadingCauses(report)[0];
  const status = statusWords[verdict.status].toUpperCase() + (leading ? `  ${percent(leading.probability)}` : '');
  const where = `${hostName(report)}, ${clockTime(report.startedAt)}`;
  const room = width - 4 - columnsOf(status) - columnsOf(where);
  const top = room > 0 ? [`${style.bold(paint(status))}${' '.repeat(room)}  ${style.dim(where)}`] : [style.bold(paint(status)), ...wrapped(style.dim(where), width - 2)];
  const healthy = verdict.status === 'healthy';
  const risk = verdict.dataAtRisk === true ? style.bad(style.bold('Yes')) : dataAtRiskWords(verdict.dataAtRisk);
  const urgency = verdict.urgency === 'now' ? style.bad(style.bold(urgencyWords.now)) : urgencyWords[verdict.urgency];
  return [
    ...[...top, '', ...wrapped(style.bold(verdict.summary), width - 2)].map((line) => (edge + line).trimEnd()),
    '',
    ...(healthy ? labelled(page, 'Checked', [checked(report)]) : [...labelled(page, 'Urgency', [urgency]), ...labelled(page, 'Data at risk', [risk])]),
    ...labelled(page, 'Symptoms', symptomTitles(report).length > 0 ? [listed(symptomTitles(report), 4)] : []),
    ...labelled(page, 'Do not', prohibitions(verdict.doNot).map((text) => style.bad(text))),
    ...labelled(page, 'Until then', verdict.containment),
    ...labelled(page, 'Host', hostParts(report).length > 0 ? [hostParts(report).join(', ')] : []),
    ...labelled(page, 'Took', [`${duration(report.durationMs)}, Culprit ${report.culpritVersion}`]),
  ];
}

function checked(report: Report): string {
  const unknown = report.unknown.length === 0 ? '' : `, ${report.unknown.length} cannot be told`;
  return `${count(report.ruledOut.length, 'cause')} ruled out${unknown}`;
}

/** What was felt, with figures beside their limits. */
export function symptomLines(report: Report, page: Page): string[] {
  if (report.symptoms.length === 0) return [];
  const lines = report.symptoms.flatMap((symptom) => {
    return hanging('  - ', `${page.style.bold(symptom.title)} ${page.style.dim(`on ${symptom.object}`)}: ${symptom.text}`, page.width);
  });
  return [heading(page, 'Symptoms'), ...lines, ...[report.attribution?.says, report.activityPattern].flatMap((says) => (says === undefined ? [] : hanging('  - ', says, page.width)))];
}

/** What changed and happened before, the last of it by default. */
export function historyLines(report: Report, page: Page): string[] {
  const events = eventsInOrder(report);
  const shown = page.verbose ? events : keyEvents(report, 10);
  if (shown.length === 0) return [];
  const left = events.length - shown.length;
  return [
    heading(page, 'What happened before'),
    ...(left > 0 ? [page.style.dim(`  ${count(left, 'further event')}: see --verbose`)] : []),
    ...shown.flatMap(({ at, text }) => hanging(`  ${page.style.dim(clockTime(at))}  `, text, page.width)),
  ];
}

/** True, but no cause of the symptoms. */
export function alsoNoticedLines(report: Report, page: Page): string[] {
  if (report.alsoNoticed.length === 0) return [];
  return [
    heading(page, 'Also noticed', report.causes.length > 0 ? 'no cause of this' : ''),
    ...report.alsoNoticed.flatMap(({ title, text, urgency }) => {
      const when = urgency === 'none' ? '' : ` ${page.style.warn(`[${urgencyWords[urgency].toLowerCase()}]`)}`;
      return hanging('  - ', `${page.style.bold(title)}${when} ${text}`, page.width);
    }),
  ];
}
