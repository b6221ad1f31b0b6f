import type { Report } from '../define/report.ts';
import { forMarkdown } from '../lib/hostile-text.ts';
import { cleanReport } from './clean-report.ts';
import { causeBlocks, wayOutBlocks } from './markdown-causes.ts';
import type { RenderOptions } from './options.ts';
import { eventsInOrder, knownAdvice, leadingCauses, listed, ruledOutBySubject, shownReasons, unknownByMissing, waysOut } from './outline.ts';
import { clockTime, dataAtRiskWords, duration, failureWords, hostName, hostParts, measured, percent, prohibitions, statusWords, urgencyWords } from './words.ts';
import { baselineIn } from './baseline.ts';
import { triedIn } from './experiments.ts';

type Block = string;

/** A heading and its blocks, or nothing where there are none. */
function section(title: string, blocks: readonly Block[]): Block[] {
  const filled = blocks.filter((block) => block !== '');
  return filled.length === 0 ? [] : [`## ${title}`, ...filled];
}

function list(items: readonly string[]): Block {
  return items.filter((item) => item !== '').map((item) => `- ${item}`).join('\n');
}

/** Text of ours in bold before text of the host. */
function named(label: string, text: string): string {
  return text === '' ? '' : `**${label}:** ${forMarkdown(text)}`;
}

function verdict(report: Report): Block[] {
  const { verdict: { status, summary, urgency, dataAtRisk, doNot, containment } } = report;
  const leading = leadingCauses(report)[0];
  const facts = [
    named('Urgency', urgencyWords[urgency]),
    named('Data at risk', dataAtRiskWords(dataAtRisk)),
    ...prohibitions(doNot).map((text) => named('Do not', text)),
    ...containment.map((text) => named('Until then', text)),
    named('Host', hostParts(report).join(', ')),
    named('When', `${clockTime(report.startedAt)}, took ${duration(report.durationMs)}, Culprit ${report.culpritVersion}`),
  ];
  return [
    `# ${statusWords[status]}${leading ? ` (${percent(leading.probability).replace('>', 'over').replace('<', 'under')})` : ''}: ${forMarkdown(hostName(report))}`,
    forMarkdown(summary),
    list(facts),
  ];
}

function symptoms(report: Report): Block {
  return list(
    report.symptoms.map((symptom) => {
      const figures = measured(symptom);
      return forMarkdown(`${symptom.title} on ${symptom.object}: ${symptom.text}${figures === '' ? '' : ` (${figures})`}`);
    }),
  );
}

function ruledOut(report: Report, all: boolean): Block {
  const subjectItems = ruledOutBySubject(report).map((group) => {
    const { shown, rest } = shownReasons(group, all);
    const reasons = shown.map(({ because, ids }) => `  - ${forMarkdown(`${listed(ids, all ? Infinity : 6)}: ${because}`)}`);
    return [`${group.subject} (${group.count})`, ...reasons, ...(rest.length > 0 ? [`  - ${forMarkdown(`and ${rest.join(', ')}`)}`] : [])].join('\n');
  });
  return list(subjectItems);
}

function notRead(report: Report): Block {
  return list(
    report.notRead.map(({ title, reason, detail, wouldDecide, rootAdds }) => {
      const adds = rootAdds ? ` Root would add ${rootAdds}.` : '';
      const decides = wouldDecide.length > 0 ? ` Needed for ${listed(wouldDecide, 6)}.` : '';
      return forMarkdown(`${title}: ${failureWords(reason, detail)}.${adds}${decides}`);
    }),
  );
}

function baselineBlocks(report: Report): Block[] {
  const baseline = baselineIn(report);
  return baseline === undefined ? [] : section(`What differs from the ${baseline.of}`, [list(baseline.differences.map(({ text }) => forMarkdown(text))), ...baseline.remarks.map(forMarkdown)]);
}

/** The report for a ticket or a chat: CommonMark that GFM reads the same way. */
export function renderMarkdown(report: Report, options: RenderOptions = {}): string {
  const clean = cleanReport(report);
  const all = options.verbose ?? false;
  const names = (ids: readonly string[]): string => listed(ids, all ? Infinity : 6);
  const blocks = [
    ...verdict(clean),
    ...section('Why', leadingCauses(clean).flatMap((cause, index) => causeBlocks(cause, index + 1))),
    ...section('Experiments', [list(triedIn(clean).map(({ title, findings, tells }) => forMarkdown([...findings.map(({ outcome, text }) => `${title}: ${outcome}. ${text}`), tells].join(' ').trim())))]),
    ...section('What to do', [
      list(knownAdvice(clean).map(({ issue, says }) => forMarkdown(`${issue}: ${says}`))),
      ...waysOut(clean).flatMap((way, index) => wayOutBlocks(way, index + 1)),
    ]),
    ...section('Symptoms', [symptoms(clean), ...[clean.attribution?.says, clean.activityPattern].flatMap((says) => (says === undefined ? [] : [forMarkdown(says)]))]),
    ...section('What happened before', [list(eventsInOrder(clean).map(({ at, text }) => `${clockTime(at)} ${forMarkdown(text)}`))]),
    ...baselineBlocks(clean),
    ...section('Also noticed', [list(clean.alsoNoticed.map(({ title, text }) => forMarkdown(`${title}. ${text}`)))]),
    ...section(`Ruled out (${clean.ruledOut.length})`, [ruledOut(clean, all)]),
    ...section(`Cannot tell (${clean.unknown.length})`, [list(unknownByMissing(clean).map(({ missing, ids }) => forMarkdown(`${missing} → ${names(ids)}`)))]),
    ...section(`Could not read (${clean.notRead.length})`, [notRead(clean)]),
    ...section('Left behind on the host', [list(clean.leftBehind.map(forMarkdown))]),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}
