import type { Case } from '../../define/case.ts';
import type { Catalog } from '../../define/catalog.ts';
import type { Experiment, RiskClass } from '../../define/experiment.ts';
import { identifiedFrom, type Belief } from '../belief.ts';
import { factsOf } from '../readings.ts';
import { weighCase } from '../weigh-case.ts';
import { candidatesOf, refusalsOf, type Candidate } from './candidates.ts';
import { nextStep, type NextStep } from './next-step.ts';
import { questionOf, somethingElse, suspectsOf } from './questions.ts';

export interface PlanOptions {
  /** The highest class of risk that the user allows. */
  readonly risk: RiskClass;
  /** Seconds that experiments may still take together. */
  readonly budgetSeconds: number;
}

export interface Plan {
  /** What to run next; undefined: nothing, for the reason that `stop` gives. */
  readonly next?: Candidate & { readonly says: string };
  readonly stop?: Extract<NextStep, { kind: 'stop' }>['because'];
  /** Experiments that would tell something, and must not run here now. */
  readonly refused: readonly { readonly id: string; readonly title: string; readonly reasons: readonly string[] }[];
}

/** "tells a slow disk from slow encryption; 12 s, writes 64 MB to what is its own". */
function explain(step: Extract<NextStep, { kind: 'ask' }>, { experiment }: Candidate, beliefs: readonly Belief[]): string {
  const titleOf = (suspect: string): string => {
    const hypothesis = beliefs.find((one) => suspect.startsWith(`${one.hypothesis.id} `))?.hypothesis;
    return hypothesis === undefined ? suspect : `“${hypothesis.title}”`;
  };
  const pair = step.tellsApart ?? [];
  const [one, other] = pair[0] === somethingElse.id ? pair.toReversed() : pair;
  const tells = one === undefined || other === undefined ? 'tells more' : `tells ${titleOf(one)} from ${titleOf(other)}`;
  return `${tells}; ${costText(experiment)}`;
}

const costText = ({ spec: { costSeconds, costBytes } }: Experiment): string => `about ${costSeconds} s${costBytes > 0 ? `, writes ${Math.round(costBytes / 1e6)} MB to something temporary of its own` : ', writes nothing'}`;

/** What an experiment convicts is believed only after its controls: those that were not run yet, with the words that tell why. */
function controlsOf(beliefs: readonly Belief[], { experiments }: Catalog): { readonly id: string; readonly says: string }[] {
  return beliefs
    .filter(({ believed }) => believed)
    .flatMap(({ hypothesis, terms }) => terms.filter(({ source, logOdds }) => source.kind === 'experiment' && logOdds > 0).map(({ source }) => ({ hypothesis, convicting: experiments.find(({ id }) => id === source.id) })))
    .flatMap(({ hypothesis, convicting }) => (convicting?.spec.controls ?? []).map((control) => ({ id: control.id, says: `makes sure of “${convicting?.title}” before “${hypothesis.title}” is believed; ${costText(control)}` })));
}

/** Which experiment to run next on the host of a case, or why none. Pure. */
export function planExperiment(catalog: Catalog, aCase: Case, { risk, budgetSeconds }: PlanOptions): Plan {
  const { readings, symptoms, beliefs } = weighCase(catalog, aCase);
  if (symptoms.seen.length === 0) return { stop: 'nothing to ask', refused: [] };
  const factsFor = (belief: Belief): unknown => factsOf(belief.hypothesis.needs, readings.read, new Set());
  const suspects = suspectsOf(beliefs);
  const candidates = candidatesOf(catalog, aCase, readings);
  const asked = candidates.flatMap((candidate) => {
    const question = questionOf(candidate, { beliefs, suspects, factsFor });
    return question === undefined ? [] : [{ candidate, question, reasons: refusalsOf(candidate, risk) }];
  });
  const refused = asked.filter(({ reasons }) => reasons.length > 0).map(({ candidate: { experiment }, reasons }) => ({ id: experiment.id, title: experiment.title, reasons }));
  const open = asked.filter(({ reasons }) => reasons.length === 0);
  // A link in a chain that is certain still asks for its beginning.
  const isSure = beliefs.some((one) => one.identified && one.hypothesis.role !== 'mechanism');
  const step = nextStep(suspects, open.map(({ question }) => question), { sureFrom: isSure ? identifiedFrom : 1, budget: budgetSeconds });
  if (step.kind === 'stop') {
    const controls = controlsOf(beliefs, catalog).flatMap(({ id, says }) => candidates.filter(({ experiment }) => experiment.id === id).map((candidate) => ({ ...candidate, says })));
    const next = controls.find((candidate) => candidate.experiment.spec.costSeconds <= budgetSeconds && refusalsOf(candidate, risk).length === 0);
    return next === undefined ? { stop: step.because, refused } : { next, refused };
  }
  const { candidate } = open.find(({ question }) => question.id === step.question.id)!;
  return { next: { ...candidate, says: explain(step, candidate, beliefs) }, refused };
}
