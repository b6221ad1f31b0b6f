import type { Catalog } from '../define/catalog.ts';
import type { Experiment, RiskClass } from '../define/experiment.ts';
import type { Hypothesis } from '../define/hypothesis.ts';
import type { KnownIssue } from '../define/known-issue.ts';
import type { Mitigation } from '../define/mitigation.ts';
import type { Symptom } from '../define/symptom.ts';

const provenSays: Readonly<Record<Hypothesis['proven'], string>> = {
  lab: 'seen in the fault lab on a real kernel',
  case: 'seen on a real host',
  documentation: 'backed by documentation',
  examples: 'backed by examples only, and therefore at most suspected',
};

function list(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join('\n');
}

function section(title: string, body: string): string {
  return body === '' ? '' : `\n## ${title}\n\n${body}\n`;
}

/** A way out as Markdown. */
export function explainMitigation(mitigation: Mitigation): string {
  const commands = mitigation.commands.map((words) => words.map(quoteWord).join(' ')).join('\n');
  return [
    `### ${mitigation.title}`,
    `Risk: ${mitigation.risk}. ${mitigation.riskSays}`,
    ...(mitigation.preconditions.length > 0 ? [`Before:\n\n${list(mitigation.preconditions)}`] : []),
    ...(commands ? [`\`\`\`sh\n${commands}\n\`\`\``] : []),
    `To see that it worked: ${mitigation.verify}`,
    `To undo it: ${mitigation.undo}`,
  ].join('\n\n');
}

/** A word of an argument vector as one writes it in a shell; placeholders in angle brackets stay as they are. */
function quoteWord(word: string): string {
  return /^[\w@%+=:,./<>\- ]+$/.test(word) && (!word.includes(' ') || /^[^ ]*<[^>]*>[^ ]*$/.test(word)) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** The page of a cause: what it is, how it shows, what speaks for and against it, what to do. Markdown. */
export function explainCause(hypothesis: Hypothesis, catalog: Pick<Catalog, 'issues' | 'symptoms'>): string {
  const symptoms = Object.entries(hypothesis.explains)
    .sort((a, b) => (b[1] ?? 0) - (a[1] ?? 0))
    .map(([id, share]) => `\`${id}\` (${Math.round((share ?? 0) * 100)} % of cases)`);
  const issues = catalog.issues.filter((issue) => issue.cause === hypothesis.id).map((issue) => `**${issue.id}**: ${issue.title}`);
  return [
    `# ${hypothesis.title}\n`,
    `\`${hypothesis.id}\`, a ${hypothesis.role ?? 'cause'} of the subject ${hypothesis.subject}; ${provenSays[hypothesis.proven]}.\n`,
    `${hypothesis.about.trim()}\n`,
    section('Brings', list(symptoms)),
    section('Told apart by examples', exampleList(hypothesis)),
    section('Open until', hypothesis.settledBy ? `This version cannot settle it: ${hypothesis.settledBy}.` : ''),
    section('What eases it at once', list(hypothesis.containment ?? [])),
    section('What not to do', list(hypothesis.doNot ?? [])),
    section('Ways out', hypothesis.mitigations.map(explainMitigation).join('\n\n')),
    section('Known issues of this kind', list(issues)),
    section('References', list(hypothesis.references)),
  ].join('\n').replaceAll(/\n{3,}/g, '\n\n');
}

function exampleList(hypothesis: Hypothesis): string {
  const supporting = hypothesis.examples.supporting.map((example) => `It is: ${example.name}.`);
  const refuting = hypothesis.examples.refuting.map((example) => `It is not: ${example.name}.`);
  return list([...supporting, ...refuting]);
}

/** A known issue as Markdown. */
export function explainIssue(issue: KnownIssue): string {
  const ranges = issue.affected.map((range) => {
    const bounds = [range.from && `from ${range.from}`, range.fixed && `fixed in ${range.fixed}`, range.last && `up to ${range.last}`];
    return `${range.component}${range.flavour === 'any' ? '' : ` (${range.flavour})`}: ${bounds.filter(Boolean).join(', ') || 'all versions'}`;
  });
  return [
    `# ${issue.id}: ${issue.title}\n`,
    issue.cause === 'none' ? '' : `Refines the cause \`${issue.cause}\`.\n`,
    `${issue.prose.trim()}\n`,
    section('Affected versions', list(ranges)),
    section('Signs', list(issue.signs.map((sign) => `${sign.says} (${sign.strength})`))),
    section('Not this when', list(issue.refutedBy.map((sign) => sign.says))),
    section('Ways out', list(issue.mitigations)),
    section('References', list(issue.references)),
  ].join('\n').replaceAll(/\n{3,}/g, '\n\n');
}

/** A symptom as Markdown, with the causes that can bring it. */
export function explainSymptom(symptom: Symptom, hypotheses: readonly Hypothesis[]): string {
  const causes = hypotheses
    .filter((one) => (one.explains[symptom.id] ?? 0) > 0)
    .sort((a, b) => (b.explains[symptom.id] ?? 0) - (a.explains[symptom.id] ?? 0))
    .map((one) => `\`${one.id}\`: ${one.title}`);
  return `# ${symptom.title}\n\n\`${symptom.id}\`, a symptom.\n\n${symptom.about.trim()}\n${section('Can come from', list(causes))}`;
}

const riskSays: Readonly<Record<RiskClass, string>> = {
  'read-only': 'It writes nothing.',
  'writes-temporary': 'It writes to something temporary of its own and needs `--experiments safe` in an investigation.',
  'disturbs-guests': 'It holds up a guest for some seconds and needs `--experiments intrusive` in an investigation.',
};

/** An experiment as Markdown, with what its outcomes say for and against. */
export function explainExperiment({ id, title, spec }: Experiment, hypotheses: readonly Hypothesis[]): string {
  const cost = `It takes about ${spec.costSeconds} s, at most ${spec.limitSeconds} s${spec.costBytes > 0 ? `, and writes up to ${Math.round(spec.costBytes / 1e6)} MB` : ''}. ${riskSays[spec.risk]}${spec.trace === undefined ? '' : ` ${spec.trace}`}`;
  const outcomes = Object.keys(spec.outcomes).map((outcome) => {
    const rows = hypotheses.flatMap((one) => (one.tested ?? []).filter((test) => test.experiment.id === id).map((test) => ({ one, row: test.table[outcome] })));
    const [pro, contra] = [true, false].map((isPro) => rows.filter(({ row }) => row !== undefined && row.ifCause > row.otherwise === isPro && row.ifCause !== row.otherwise).map(({ one }) => `\`${one.id}\``).join(', '));
    return `**${outcome}**${pro === '' ? '' : `; speaks for ${pro}`}${contra === '' ? '' : `; speaks against ${contra}`}`;
  });
  return `# ${title}\n\n\`${id}\`, an experiment.\n\n${spec.about.trim()}\n\n${cost}\n${section('What differs between its two sides', list(spec.differs))}${section('How it can end', list(outcomes))}\nBy itself: \`culprit try ${id} root@host\`, with \`--plan\` to see every command first.\n`;
}
