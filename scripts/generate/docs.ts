import { alarmKinds, catalog } from '../../src/catalog/index.ts';
import { webhookJsonSchema } from '../../src/notify/webhook.ts';
import { explainCause, explainExperiment } from '../../src/report/explain.ts';
import { comparisonJsonSchema, reportJsonSchema } from '../../src/report/json-schema.ts';

const written = '<!-- Written by `npm run generate`; do not edit. -->\n\n';

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');
}

function causesIndex(): string {
  const rows = catalog.hypotheses.map((one) => [one.subject, `[${one.id}](causes/${one.id}.md)`, one.title, one.role ?? 'cause', one.proven]);
  return `${written}# Causes\n\nEvery cause that Culprit can name, with its page. A mechanism is a link in a chain and leads only where no cause explains the
symptoms. The last column says how the cause has been proven; what is only backed by examples is at most suspected.\n\n${table(['subject', 'id', 'title', 'role', 'proven by'], rows)}\n`;
}

function symptomsPage(): string {
  const parts = catalog.symptoms.map((one) => `## ${one.id}\n\n**${one.title}.** ${one.about}\n`);
  return `${written}# Symptoms\n\nWhat is wrong as a user would say it. They are found in the evidence, or given with \`--symptom\`.\n\n${parts.join('\n')}`;
}

function questionsPage(): string {
  const rows = catalog.probes.map((one) => [
    one.spec.subject,
    one.id,
    one.title,
    one.vantage === 'client' ? 'the asking machine' : one.sampled ? 'twice, some seconds apart' : 'once',
    one.spec.root ? `${one.spec.root.need}: ${one.spec.root.adds}` : '',
  ]);
  return `${written}# Questions\n\nAll that Culprit asks of a host. \`culprit investigate --show-commands\` prints the very commands.\n\n${table(['subject', 'id', 'what', 'asked', 'what root adds'], rows)}\n`;
}

function experimentsPage(): string {
  const parts = catalog.experiments.map((one) => explainExperiment(one, catalog.hypotheses).replaceAll(/^#/gm, '##'));
  return `${written}# Experiments\n\nWhat Culprit can try on a host to tell causes apart. An investigation runs one only where its outcome would save more time than it takes: those that write nothing always, others with
\`--experiments safe\` or \`intrusive\`, all within \`--budget\`. Each limits itself in time and cleans up after itself, also when the connection or Culprit itself dies.\n\n${parts.join('\n')}`;
}

function alarmsPage(): string {
  const limitOf = ({ fixedLimit, bad, unit, learned }: (typeof alarmKinds)[number]): string =>
    [fixedLimit === undefined ? '' : `${bad} ${fixedLimit} ${unit}`, learned ? 'learned from the host' : ''].filter((text) => text !== '').join(', and ') || 'by object, see below';
  const rows = alarmKinds.map((one) => [one.subject, one.id, one.title, limitOf(one), one.forSeconds === 0 ? 'at once' : `${one.forSeconds / 60} min`, one.severity]);
  const parts = alarmKinds.map((one) => `## ${one.id}\n\n**${one.title}.** ${one.about}\n\nReads ${one.metrics.map((metric) => `\`${metric}\``).join(', ')}.\n`);
  return `${written}# Alarms\n\nWhat \`culprit serve\` watches on each host, and from where on it raises an alarm. Where a threshold is learned, it counts besides the fixed one.\n\n${table(['subject', 'id', 'what', 'limit', 'has to last', 'severity'], rows)}\n\n${parts.join('\n')}`;
}

function issuesPage(): string {
  const rows = [...catalog.issues]
    .sort((a, b) => a.id.localeCompare(b.id, 'en'))
    .map((one) => [one.id, one.title, one.cause === 'none' ? '' : `[${one.cause}](causes/${one.cause}.md)`]);
  return `${written}# Known issues\n\nDocumented defects and traps that are recognised. \`culprit explain <id>\` tells more about each.\n\n${table(['id', 'title', 'cause that it refines'], rows)}\n`;
}

/** Paths and contents of the generated documentation. */
export async function generateDocs(): Promise<Map<string, string>> {
  const docs = new Map<string, string>();
  docs.set('docs/causes.md', causesIndex());
  docs.set('docs/symptoms.md', symptomsPage());
  docs.set('docs/questions.md', questionsPage());
  docs.set('docs/experiments.md', experimentsPage());
  docs.set('docs/alarms.md', alarmsPage());
  docs.set('docs/known-issues.md', issuesPage());
  docs.set('docs/report.schema.json', `${JSON.stringify(reportJsonSchema(), undefined, 2)}\n`);
  docs.set('docs/comparison.schema.json', `${JSON.stringify(comparisonJsonSchema(), undefined, 2)}\n`);
  docs.set('docs/webhook.schema.json', `${JSON.stringify(webhookJsonSchema(), undefined, 2)}\n`);
  for (const hypothesis of catalog.hypotheses) {
    docs.set(`docs/causes/${hypothesis.id}.md`, written + explainCause(hypothesis, catalog));
  }
  return docs;
}
