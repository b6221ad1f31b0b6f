import type { Case } from '../../define/case.ts';
import type { Catalog } from '../../define/catalog.ts';
import { riskClasses, type Experiment, type RiskClass } from '../../define/experiment.ts';
import { symptomIds, type SymptomId } from '../../define/ids.ts';
import type { Absent, Failed } from '../../define/result.ts';
import { believe, identifiedFrom, type Belief } from '../belief.ts';
import { withKnownIssues } from '../known-issues.ts';
import { attempt, factsOf, readingsOfCase, type Readings } from '../readings.ts';
import { findSymptoms } from '../symptoms.ts';
import { nextStep, type NextStep } from './next-step.ts';
import { questionOf, suspectsOf } from './questions.ts';

export interface PlanOptions {
  /** The highest class of risk that the user allows. */
  readonly risk: RiskClass;
  /** Seconds that experiments may still take together. */
  readonly budgetSeconds: number;
}

/** An experiment that could be run now, with the facts of this host. */
export interface Candidate {
  readonly experiment: Experiment;
  readonly facts: unknown;
  readonly objects: readonly string[];
}

export interface Plan {
  /** What to run next; undefined: nothing, for the reason that `stop` gives. */
  readonly next?: Candidate & { readonly says: string };
  readonly stop?: Extract<NextStep, { kind: 'stop' }>['because'];
  /** Experiments that would tell something, and must not run here now. */
  readonly refused: readonly { readonly id: string; readonly title: string; readonly reasons: readonly string[] }[];
}

const isAllowed = (experiment: Experiment, risk: RiskClass): boolean => riskClasses.indexOf(experiment.spec.risk) <= riskClasses.indexOf(risk);

/** What experiments could tell on this host, by what was read and found so far. */
function candidatesOf(catalog: Catalog, aCase: Case, readings: Readings): Candidate[] {
  const tried = new Set(aCase.outputs.map((output) => output.probe));
  return catalog.experiments.flatMap((experiment) => {
    if (tried.has(experiment.id)) return [];
    const facts = factsOf(experiment.spec.needs, readings.read, new Set());
    const objects = attempt(() => experiment.spec.objects(facts as never));
    return 'value' in objects && objects.value.length > 0 ? [{ experiment, facts, objects: objects.value }] : [];
  });
}

function refusalsOf({ experiment, facts }: Candidate, risk: RiskClass): readonly string[] {
  if (!isAllowed(experiment, risk)) return [`it is of the class ${experiment.spec.risk}, which is not allowed`];
  const reasons = attempt(() => experiment.spec.refusals(facts as never));
  return 'value' in reasons ? reasons.value : [`what it needs to know could not be read (${reasons.missing.detail})`];
}

/** What an experiment would look at on the host of a case, or what is missing to say so. */
export function objectsOf(catalog: Catalog, aCase: Case, { spec }: Experiment): { value: readonly string[] } | { missing: Absent | Failed } {
  return attempt(() => spec.objects(factsOf(spec.needs, readingsOfCase(catalog, aCase).read, new Set()) as never));
}

/** All experiments that could tell something on the host of a case, with the reasons why not now. */
export function candidatesFor(catalog: Catalog, aCase: Case, risk: RiskClass): (Candidate & { readonly reasons: readonly string[] })[] {
  return candidatesOf(catalog, aCase, readingsOfCase(catalog, aCase)).map((candidate) => ({ ...candidate, reasons: refusalsOf(candidate, risk) }));
}

/** "tells a slow disk from slow encryption; 12 s, writes 64 MB to what is its own". */
function explain(step: Extract<NextStep, { kind: 'ask' }>, { experiment }: Candidate, beliefs: readonly Belief[]): string {
  const titleOf = (suspect: string): string => {
    const hypothesis = beliefs.find((one) => suspect.startsWith(`${one.hypothesis.id} `))?.hypothesis;
    return hypothesis === undefined ? suspect : `“${hypothesis.title}”`;
  };
  const [one, other] = step.tellsApart ?? [];
  const { costSeconds, costBytes } = experiment.spec;
  const tells = one === undefined || other === undefined ? 'tells more' : `tells ${titleOf(one)} from ${titleOf(other)}`;
  return `${tells}; about ${costSeconds} s${costBytes > 0 ? `, writes ${Math.round(costBytes / 1e6)} MB to something temporary of its own` : ', writes nothing'}`;
}

/** Which experiment to run next on the host of a case, or why none. Pure. */
export function planExperiment(catalog: Catalog, aCase: Case, { risk, budgetSeconds }: PlanOptions): Plan {
  const readings = readingsOfCase(catalog, aCase);
  const given = aCase.givenSymptoms.filter((id): id is SymptomId => (symptomIds as readonly string[]).includes(id));
  const symptoms = findSymptoms(catalog.symptoms, readings, given);
  const beliefs = believe(catalog.hypotheses, readings, symptoms.nodes, withKnownIssues(catalog, readings).adjust);
  if (symptoms.seen.length === 0) return { stop: 'nothing to ask', refused: [] };
  const factsFor = (belief: Belief): unknown => factsOf(belief.hypothesis.needs, readings.read, new Set());
  const asked = candidatesOf(catalog, aCase, readings).flatMap((candidate) => {
    const question = questionOf(candidate.experiment, beliefs, candidate.objects, factsFor);
    return question === undefined ? [] : [{ candidate, question, reasons: refusalsOf(candidate, risk) }];
  });
  const refused = asked.filter(({ reasons }) => reasons.length > 0).map(({ candidate: { experiment }, reasons }) => ({ id: experiment.id, title: experiment.title, reasons }));
  const open = asked.filter(({ reasons }) => reasons.length === 0);
  const isSure = beliefs.some((one) => one.identified);
  const step = nextStep(suspectsOf(beliefs), open.map(({ question }) => question), { sureFrom: isSure ? identifiedFrom : 1, budget: budgetSeconds });
  if (step.kind === 'stop') return { stop: step.because, refused };
  const { candidate } = open.find(({ question }) => question.id === step.question.id)!;
  return { next: { ...candidate, says: explain(step, candidate, beliefs) }, refused };
}
