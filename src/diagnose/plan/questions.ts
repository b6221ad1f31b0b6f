import { tooNoisy } from '../../define/experiment.ts';
import type { Belief } from '../belief.ts';
import { objectsAbout } from '../weigh.ts';
import type { Candidate } from './candidates.ts';
import type { Question, Suspect } from './suspects.ts';

/** What an admin spends to look after one cause by hand, in seconds. The same for all: nothing better is known. */
const lookSeconds = 900;
/** Everything that is not in the catalogue: looking for it takes hours, and often days. */
export const somethingElse = { id: 'something else', seconds: 16 * lookSeconds } as const;
/** Share of experiments that are too noisy to tell, whatever the cause. */
const noisyShare = 0.1;
/** Less probable causes make no difference to what is asked. */
const leastProbability = 0.001;

const nameOf = ({ hypothesis, object }: Belief): string => `${hypothesis.id} ${object}`;

/**
 * Beliefs as suspects of a decision with one culprit: causes and leading mechanisms that are not ruled out, by their odds. What none of them
 * explains is left to "something else".
 */
export function suspectsOf(beliefs: readonly Belief[]): Suspect[] {
  const open = beliefs.filter((one) => one.ruledOut === undefined && one.hypothesis.role !== 'mechanism' && one.explains.length > 0 && one.probability >= leastProbability);
  const nobody = open.reduce((product, one) => product * (1 - one.probability), 1);
  const sum = open.reduce((total, one) => total + one.probability, 0);
  const left = Math.max(nobody, 0.01);
  const scale = (1 - left) / Math.max(sum, 1e-9);
  return [
    ...open.map((one) => ({ id: nameOf(one), probability: one.probability * scale, cost: lookSeconds })),
    { id: somethingElse.id, probability: open.length === 0 ? 1 : left, cost: somethingElse.seconds },
  ];
}

/** What is believed of a host. */
interface Minds {
  readonly beliefs: readonly Belief[];
  /** Of these beliefs. */
  readonly suspects: readonly Suspect[];
  /** The facts that a belief's hypothesis needs. */
  readonly factsFor: (belief: Belief) => unknown;
}

/**
 * An experiment as a question about these suspects. A suspect whose hypothesis has a table for it foresees what the table says where the experiment looks at an object that
 * tells of it; all others foresee what is usual. Undefined: nobody foresees anything unusual.
 */
export function questionOf({ experiment, objects }: Candidate, { beliefs, suspects, factsFor }: Minds): Question | undefined {
  const { outcomes, costSeconds, id } = experiment.spec;
  const usual = Object.entries(outcomes);
  const foreseen = new Map<string, Readonly<Record<string, number>>>();
  for (const belief of beliefs) {
    const test = belief.hypothesis.tested?.find((one) => one.experiment.id === id);
    if (test === undefined || !objectsAbout(test, factsFor(belief), belief.ref).some((object) => objects.includes(object))) continue;
    const weights = usual.map(([outcome, share]) => [outcome, test.table[outcome]?.ifCause ?? share] as const);
    const sum = weights.reduce((total, [, weight]) => total + weight, 0);
    foreseen.set(nameOf(belief), Object.fromEntries(weights.map(([outcome, weight]) => [outcome, weight / sum])));
  }
  if (foreseen.size === 0) return undefined;
  const table = usual.map(([outcome, share]) => [outcome, Object.fromEntries(suspects.map((suspect) => [suspect.id, (1 - noisyShare) * (foreseen.get(suspect.id)?.[outcome] ?? share)]))] as const);
  const noisy = Object.fromEntries(suspects.map((suspect) => [suspect.id, noisyShare]));
  return { id, cost: costSeconds, outcomes: { ...Object.fromEntries(table), [tooNoisy]: noisy } };
}
