/** A possible cause in a decision: how probable it is, and what looking after it costs (an admin's time, in the unit of the questions' costs). */
export interface Suspect {
  readonly id: string;
  readonly probability: number;
  readonly cost: number;
}

/** Something that could be asked or tried next, with the probability of each way it may end, for each suspect. */
export interface Question {
  readonly id: string;
  readonly cost: number;
  /** For each outcome, its probability when the suspect of this id is the cause. What is left out is 0; the outcomes of one suspect add up to 1. */
  readonly outcomes: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/**
 * Expected cost of repair: suspects are looked after one by one, in the order of probability per cost, until the cause is found
 * (D. Heckerman, J. S. Breese and K. Rommelse, Decision-theoretic troubleshooting, CACM 38(3), 1995). One cause, which its check always finds.
 */
export function expectedCost(suspects: readonly Suspect[]): number {
  let left = suspects.reduce((sum, suspect) => sum + suspect.probability, 0);
  let cost = 0;
  for (const suspect of inOrderOfRepair(suspects)) {
    cost += suspect.cost * Math.max(left, 0);
    left -= suspect.probability;
  }
  return cost;
}

/** The most probable per cost first; that order has the least expected cost. */
export function inOrderOfRepair(suspects: readonly Suspect[]): Suspect[] {
  return suspects.toSorted((a, b) => b.probability / b.cost - a.probability / a.cost);
}

/** Probability that a question ends in this way, by what is believed now. */
export function probabilityOf(outcome: string, question: Question, suspects: readonly Suspect[]): number {
  return suspects.reduce((sum, { id, probability }) => sum + probability * (question.outcomes[outcome]?.[id] ?? 0), 0);
}

/** The suspects after a question ended in this way (Bayes' rule). An outcome that nobody foresaw changes nothing. */
export function afterOutcome(suspects: readonly Suspect[], question: Question, outcome: string): readonly Suspect[] {
  const evidence = probabilityOf(outcome, question, suspects);
  if (evidence <= 0) return suspects;
  return suspects.map((suspect) => ({ ...suspect, probability: (suspect.probability * (question.outcomes[outcome]?.[suspect.id] ?? 0)) / evidence }));
}

/** The others, when one suspect has been looked after and was not the cause. */
export function without(suspects: readonly Suspect[], id: string): readonly Suspect[] {
  const rest = suspects.filter((suspect) => suspect.id !== id);
  const sum = rest.reduce((total, suspect) => total + suspect.probability, 0);
  return sum <= 0 ? rest : rest.map((suspect) => ({ ...suspect, probability: suspect.probability / sum }));
}
