import type { Cause, EvidenceTerm } from '../define/report.ts';
import { forMarkdown, markdownCode, markdownCodeBlock } from '../lib/hostile-text.ts';
import { commandLine } from './command-line.ts';
import { byWeight, type WayOut } from './outline.ts';
import { chain, percent, provenWords, weight } from './words.ts';

const excerptLines = 6;

function nested(block: string): string {
  return block.split('\n').map((line) => (line === '' ? '' : `  ${line}`)).join('\n');
}

function evidenceItem({ text, logOdds, decisive, excerpt }: EvidenceTerm): string {
  const item = `- **${weight(logOdds)}** ${forMarkdown(text)}${decisive ? ' **(decisive)**' : ''}`;
  const lines = excerpt.split('\n').filter((line) => line.trim() !== '').slice(0, excerptLines);
  return lines.length === 0 ? item : `${item}\n\n${nested(markdownCodeBlock(lines.join('\n'), 'text'))}\n`;
}

/** A reference as a link where it is an address, else as text. */
function reference(text: string): string {
  return /^https?:\/\/[^\s<>]+$/.test(text) ? `<${text}>` : forMarkdown(text);
}

/** One cause: how probable, on what, what it leads to, known issues, every piece of evidence with its weight. */
export function causeBlocks(cause: Cause, number: number): string[] {
  const references = [...new Set([...cause.references, ...cause.knownIssues.flatMap((issue) => issue.references)])];
  const facts = [
    `${percent(cause.probability).replace('>', 'over').replace('<', 'under')} ${cause.status}, ${markdownCode(cause.id)}, ${provenWords[cause.proven]}`,
    ...(cause.objects.length > 0 ? [`On ${cause.objects.map(markdownCode).join(', ')}`] : []),
    ...(chain(cause).length > 1 ? [`Leads to: ${chain(cause).map(forMarkdown).join(' → ')}`] : []),
    ...cause.knownIssues.map(({ id, title }) => `Known as ${markdownCode(id)}: ${forMarkdown(title)}`),
    ...(cause.experiments.length > 0 ? [`Tried: ${cause.experiments.map(markdownCode).join(', ')}`] : []),
  ];
  return [
    `### ${number}. ${forMarkdown(cause.title)}`,
    facts.map((fact) => `- ${fact}`).join('\n'),
    'Evidence, in natural log-odds (+2.3 makes it ten times likelier):',
    [...byWeight(cause.evidence).map(evidenceItem), `- **${weight(cause.priorLogOdds)}** where it starts: how rare this is on troubled hosts`].join('\n'),
    ...(references.length > 0 ? [`See ${references.map(reference).join(', ')}`] : []),
  ];
}

/** One way out with its commands as a block to copy. */
export function wayOutBlocks({ mitigation, causes }: WayOut, number: number): string[] {
  const facts = [
    `Risk: ${mitigation.risk}. ${mitigation.riskSays}`,
    `Ends ${causes.join(', ')}`,
    ...mitigation.preconditions.map((text) => `Before: ${text}`),
    ...(mitigation.verify === '' ? [] : [`Verify: ${mitigation.verify}`]),
    ...(mitigation.undo === '' ? [] : [`Undo: ${mitigation.undo}`]),
  ];
  return [
    `### ${number}. ${forMarkdown(mitigation.title)}`,
    facts.map((fact) => `- ${forMarkdown(fact)}`).join('\n'),
    ...(mitigation.commands.length > 0 ? [markdownCodeBlock(mitigation.commands.map(commandLine).join('\n'), 'sh')] : []),
  ];
}
