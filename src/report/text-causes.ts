import type { Cause, EvidenceTerm, Report } from '../define/report.ts';
import { bar, hanging, indented, padded, shortened, wrapped, wrappedRaw } from '../lib/text-layout.ts';
import { byWeight, heaviest, leadingCauses } from './outline.ts';
import { labelled } from './text-verdict.ts';
import { heading, type Page } from './text-style.ts';
import { chain, count, percent, provenWords, sourceWords, weight } from './words.ts';
import { triedIn } from './experiments.ts';

const barCells = 8;
const evidenceIndent = 21;
const labelColumns = 13;

function excerptLines({ excerpt, decisive }: EvidenceTerm, page: Page): string[] {
  const room = page.width - evidenceIndent - 2;
  const raw = excerpt.split('\n').filter((line) => line.trim() !== '');
  const lines = page.verbose ? raw.flatMap((line) => wrappedRaw(line, room)).slice(0, 30) : raw.slice(0, decisive ? 2 : 1).map((line) => shortened(line, room));
  return lines.map((line) => `${' '.repeat(evidenceIndent)}${page.style.dim(`│ ${line}`)}`);
}

function evidenceLines(term: EvidenceTerm, fullLength: number, page: Page): string[] {
  const { style } = page;
  const paint = term.logOdds < 0 ? style.warn : style.name;
  const figure = weight(term.logOdds).padStart(evidenceIndent - barCells - 4);
  const length = padded(bar(Math.abs(term.logOdds) / fullLength, barCells), barCells);
  const mark = term.decisive ? ` ${style.bold('(decisive)')}` : '';
  const source = page.verbose ? style.dim(` [${sourceWords(term.source)}]`) : '';
  return [...hanging(`${paint(figure)}  ${paint(length)}  `, `${term.text}${mark}${source}`, page.width), ...excerptLines(term, page)];
}

/** Decisive and heavy terms first; the default leaves out what hardly weighs. */
function shownEvidence(cause: Cause, verbose: boolean): EvidenceTerm[] {
  const sorted = byWeight(cause.evidence);
  if (verbose) return sorted;
  const heavy = new Set([...sorted].sort((one, other) => Math.abs(other.logOdds) - Math.abs(one.logOdds)).slice(0, 6));
  return sorted.filter((term) => term.decisive || (heavy.has(term) && Math.abs(term.logOdds) >= 0.05));
}

function causeLines(cause: Cause, number: number, page: Page): string[] {
  const { style } = page;
  const shown = shownEvidence(cause, page.verbose);
  const hidden = cause.evidence.length - shown.length;
  const objects = page.verbose ? cause.objects : cause.objects.slice(0, 6);
  const more = cause.objects.length - objects.length;
  const fullLength = heaviest(cause);
  const paint = cause.status === 'identified' ? style.bad : style.warn;
  const prior = `${weight(cause.priorLogOdds).padStart(evidenceIndent - barCells - 4)}  ${padded(bar(Math.abs(cause.priorLogOdds) / fullLength, barCells), barCells)}  `;
  return [
    ...hanging(`  ${style.bold(`${number}.`)} `, style.bold(cause.title), page.width),
    ...wrapped(`${paint(`${percent(cause.probability)} ${cause.status}`)}  ${style.name(cause.id)}${cause.role === 'mechanism' ? ' (a link in the chain, not its beginning)' : ''}`, page.width - 5).map((line) => `     ${line}`),
    ...inset(page, 'on', objects.length > 0 ? `${objects.join(', ')}${more > 0 ? ` and ${more} more` : ''}` : ''),
    ...inset(page, 'chain', chain(cause).length > 1 ? chain(cause).join(' → ') : ''),
    ...cause.knownIssues.flatMap(({ id, title }, index) => inset(page, index === 0 ? 'known as' : '', `${style.bold(id)} ${title}`)),
    ...inset(page, 'proven', page.verbose ? provenWords[cause.proven] : ''),
    ...inset(page, 'tried', cause.experiments.join(', ')),
    '',
    ...shown.flatMap((term) => evidenceLines(term, fullLength, page)),
    ...hanging(style.dim(prior), style.dim('where it starts: how rare this is on troubled hosts'), page.width),
    ...(hidden > 0 ? hanging(' '.repeat(evidenceIndent), style.dim(`${count(hidden, 'lighter piece')} of evidence: see --verbose`), page.width) : []),
    ...(page.verbose ? references(cause, page) : []),
  ];
}

function inset(page: Page, label: string, text: string): string[] {
  if (text === '') return [];
  return indented(labelled({ ...page, width: page.width - 3 }, label, [text], labelColumns - 2), 3);
}

function references(cause: Cause, page: Page): string[] {
  const all = [...new Set([...cause.references, ...cause.knownIssues.flatMap((issue) => issue.references)])];
  return all.length === 0 ? [] : ['', ...all.flatMap((reference) => hanging('     see ', reference, page.width))];
}

/** Each cause: how probable, on what, what it leads to, and every piece of evidence with its weight. */
export function causesLines(report: Report, page: Page): string[] {
  const causes = leadingCauses(report);
  if (causes.length === 0) return [];
  return [
    heading(page, 'Why'),
    ...causes.flatMap((cause, index) => [...(index > 0 ? [''] : []), ...causeLines(cause, index + 1, page)]),
    '',
    ...hanging('     ', page.style.dim('Weights are natural log-odds: +2.3 makes the cause ten times likelier, -2.3 ten times less likely.'), page.width),
  ];
}

/** What was compared on the host itself. */
export function experimentLines(report: Report, page: Page): string[] {
  if (report.experiments.length === 0) return [];
  const lines = triedIn(report).flatMap(({ title, findings, tells }) => [
    ...findings.flatMap(({ outcome, text }) => hanging('  - ', `${page.style.bold(title)}: ${outcome}. ${text}`, page.width)),
    ...(tells === '' ? [] : hanging('    ', tells, page.width)),
  ]);
  return [heading(page, 'Experiments'), ...lines];
}
