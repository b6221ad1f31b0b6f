import { afterOutcome, expectedCost, probabilityOf, type Question, type Suspect } from './suspects.ts';

export interface PlanLimits {
  /** From this probability of one suspect on, nothing more is asked. */
  readonly sureFrom: number;
  /** What may still be spent, in the unit of costs. */
  readonly budget: number;
}

/** What to do next, and why. */
export type NextStep =
  | {
      readonly kind: 'ask';
      readonly question: Question;
      /** How much the expected cost of repair falls, before the cost of asking. */
      readonly value: number;
      /** The two suspects that it tells apart best; the more probable one first. */
      readonly tellsApart: readonly [string, string] | undefined;
    }
  | { readonly kind: 'stop'; readonly because: 'sure' | 'nothing is worth its cost' | 'the budget is spent' | 'nothing to ask' };

/** What knowing the answer saves on average: expected cost of repair now, less its mean over the answers (one step of look-ahead). */
export function valueOf(question: Question, suspects: readonly Suspect[]): number {
  const after = Object.keys(question.outcomes).reduce((sum, outcome) => {
    const probability = probabilityOf(outcome, question, suspects);
    return probability <= 0 ? sum : sum + probability * expectedCost(afterOutcome(suspects, question, outcome));
  }, 0);
  return expectedCost(suspects) - after;
}

/** Total variation distance of what two suspects foresee, from 0 (alike) to 1. */
function distance(question: Question, a: string, b: string): number {
  return Object.values(question.outcomes).reduce((sum, of) => sum + Math.abs((of[a] ?? 0) - (of[b] ?? 0)), 0) / 2;
}

/** The pair that a question tells apart best, among the likely ones. */
export function pairToldApart(question: Question, suspects: readonly Suspect[]): readonly [string, string] | undefined {
  const likely = suspects.toSorted((a, b) => b.probability - a.probability).slice(0, 8);
  let best: { readonly pair: readonly [string, string]; readonly gain: number } | undefined;
  for (const [index, one] of likely.entries()) {
    for (const other of likely.slice(index + 1)) {
      const gain = distance(question, one.id, other.id) * Math.min(one.probability, other.probability);
      if (gain > (best?.gain ?? 0)) best = { pair: [one.id, other.id], gain };
    }
  }
  return best?.pair;
}

/**
 * The next question by expected value of information per cost, as in SACSO (F. V. Jensen et al., The SACSO methodology for troubleshooting complex systems, AI EDAM 15, 2001): of those
 * that save more than they cost and fit into the budget, the one that saves most for what it costs. A second step of look-ahead was tried and changed
 * nothing on the troubleshooter of `npm run bench:planner`.
 */
export function nextStep(suspects: readonly Suspect[], questions: readonly Question[], { sureFrom, budget }: PlanLimits): NextStep {
  if (suspects.some(({ probability }) => probability >= sureFrom)) return { kind: 'stop', because: 'sure' };
  if (questions.length === 0) return { kind: 'stop', because: 'nothing to ask' };
  const affordable = questions.filter(({ cost }) => cost <= budget);
  if (affordable.length === 0) return { kind: 'stop', because: 'the budget is spent' };
  const worth = affordable.map((question) => ({ question, value: valueOf(question, suspects) })).filter(({ question, value }) => value > question.cost);
  const best = worth.toSorted((a, b) => b.value / b.question.cost - a.value / a.question.cost)[0];
  if (best === undefined) return { kind: 'stop', because: 'nothing is worth its cost' };
  return { kind: 'ask', ...best, tellsApart: pairToldApart(best.question, suspects) };
}
