import { catalog as shipped } from '../../catalog/index.ts';
import { UserError } from '../../define/errors.ts';
import { explainCause, explainExperiment, explainIssue, explainSymptom } from '../../report/explain.ts';
import { forTerminal } from '../../lib/hostile-text.ts';
import { withPrivateIssues } from '../private-issues.ts';

interface ExplainFlags {
  readonly output: string;
  readonly json?: true;
  readonly catalog?: string;
}

/** `culprit explain <id>`: a cause, a symptom, an experiment or a known issue, as Markdown (or JSON). Offline. */
export function explainAction(id: string, flags: ExplainFlags): void {
  const catalog = flags.catalog === undefined ? shipped : withPrivateIssues(shipped, flags.catalog);
  const hypothesis = catalog.hypotheses.find((one) => one.id === id);
  const issue = catalog.issues.find((one) => one.id === id.toUpperCase());
  const symptom = catalog.symptoms.find((one) => one.id === id);
  const experiment = catalog.experiments.find((one) => one.id === id);
  const text = hypothesis
    ? explainCause(hypothesis, catalog)
    : issue
      ? explainIssue(issue)
      : symptom
        ? explainSymptom(symptom, catalog.hypotheses)
        : experiment && explainExperiment(experiment, catalog.hypotheses);
  if (text === undefined) {
    const near = [...catalog.hypotheses, ...catalog.symptoms, ...catalog.experiments, ...catalog.issues].map((one) => one.id).filter((one) => one.toLowerCase().includes(id.toLowerCase()));
    throw new UserError('id-not-known', `Nothing is known by the id "${id}".`, near.length > 0 ? `Did you mean: ${near.slice(0, 8).join(', ')}?` : 'See: culprit catalog');
  }
  const json = flags.json || flags.output === 'json';
  const kind = hypothesis ? 'cause' : issue ? 'known-issue' : symptom ? 'symptom' : 'experiment';
  process.stdout.write(json ? `${JSON.stringify({ id, kind, title: (hypothesis ?? issue ?? symptom ?? experiment)?.title, markdown: text }, undefined, 2)}\n` : forTerminal(text, 'keep').trimEnd() + '\n');
}
