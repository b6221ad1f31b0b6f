import { catalog } from '../../catalog/index.ts';
import { textTable } from '../text-table.ts';

/** `culprit catalog`: everything that is known, as a list or as JSON. */
export function catalogAction(flags: { readonly output: string; readonly json?: true }): void {
  const causes = catalog.hypotheses.map(({ id, subject, title, role, proven, explains }) => ({ id, subject, title, role: role ?? 'cause', proven, explains }));
  const symptoms = catalog.symptoms.map(({ id, title }) => ({ id, title }));
  const questions = catalog.probes.map((probe) => ({ id: probe.id, subject: probe.spec.subject, title: probe.title, vantage: probe.vantage }));
  const experiments = catalog.experiments.map(({ id, title, spec: { subject, risk, costSeconds, costBytes, outcomes } }) => ({ id, subject, title, risk, costSeconds, costBytes, outcomes }));
  const knownIssues = catalog.issues.map(({ id, title, cause }) => ({ id, title, cause }));
  if (flags.json || flags.output === 'json') {
    process.stdout.write(`${JSON.stringify({ causes, symptoms, questions, experiments, knownIssues }, undefined, 2)}\n`);
    return;
  }
  const parts = [
    `Causes (${causes.length})`,
    textTable(causes.map((one) => [one.id, one.title])),
    `Symptoms (${symptoms.length})`,
    textTable(symptoms.map((one) => [one.id, one.title])),
    `Questions to a host (${questions.length})`,
    textTable(questions.map((one) => [one.id, one.title])),
    `Experiments (${experiments.length})`,
    textTable(experiments.map((one) => [one.id, `${one.title} (${one.risk})`])),
    `Known issues (${knownIssues.length})`,
    textTable(knownIssues.map((one) => [one.id, one.title])),
  ];
  process.stdout.write(`${parts.join('\n\n')}\n\nMore about each: culprit explain <id>\n`);
}
