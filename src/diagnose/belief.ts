import type { Hypothesis } from '../define/hypothesis.ts';
import { combine, explaining, type SymptomNode } from './combine.ts';
import { weigh, type Weighed } from './weigh.ts';
import type { Readings } from './readings.ts';

/** From this probability on, a cause is named at all. */
export const suspectedFrom = 0.5;
/** From this probability on, and with decisive evidence, it is identified. */
export const identifiedFrom = 0.9;
/** A symptom alone never convicts: at least this weight (odds of 5) must come from evidence of the cause's own. */
const ownEvidence = Math.log(5);

/** A weighed hypothesis with its probability, all symptoms and rival causes considered. */
export interface Belief extends Omit<Weighed, 'explains'> {
  readonly probability: number;
  /** Symptoms seen that it brings, by its own account. */
  readonly explains: readonly SymptomNode[];
  readonly believed: boolean;
  readonly identified: boolean;
}

function sigmoid(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds));
}

function judge(weighed: Weighed, probability: number, seen: readonly SymptomNode[]): Belief {
  const { hypothesis, evidenceLogOdds, circumstantialLogOdds = 0, ruledOut } = weighed;
  const believed = ruledOut === undefined && probability >= suspectedFrom && evidenceLogOdds - circumstantialLogOdds >= ownEvidence;
  const identified = believed && probability >= identifiedFrom && weighed.decisive && hypothesis.proven !== 'examples';
  const explains = seen.filter((symptom) => explaining({ object: weighed.object, explains: weighed.explains, explainsAcross: hypothesis.explainsAcross }, symptom) > 0);
  return { ...weighed, probability, believed, identified, explains };
}

/**
 * Weighs all hypotheses and combines the causes. Mechanisms are links, not ends: they do not compete with causes for the
 * symptoms, and stand on their own evidence alone. `adjust` may add evidence from elsewhere (known issues).
 */
export function believe(
  hypotheses: readonly Hypothesis[],
  readings: Readings,
  nodes: readonly SymptomNode[],
  adjust: (weighed: readonly Weighed[]) => readonly Weighed[] = (weighed) => weighed,
): Belief[] {
  const seen = nodes.filter((node) => node.seen);
  const all = adjust(hypotheses.flatMap((hypothesis) => weigh(hypothesis, readings)));
  const rivals = all.filter((one) => one.hypothesis.role !== 'mechanism' && one.ruledOut === undefined);
  const probabilities = combine(
    rivals.map((one) => ({
      logOdds: one.priorLogOdds + one.evidenceLogOdds,
      object: one.object,
      explains: one.explains,
      explainsAcross: one.hypothesis.explainsAcross,
    })),
    nodes,
  );
  const probabilityOf = new Map(rivals.map((one, index) => [one, probabilities[index] ?? 0]));
  return all.map((one) => {
    if (one.ruledOut !== undefined) return judge(one, 0, seen);
    return judge(one, probabilityOf.get(one) ?? sigmoid(one.priorLogOdds + one.evidenceLogOdds), seen);
  });
}
