import type { SymptomId } from '../define/ids.ts';

/** A possible cause as the combination sees it. */
export interface Candidate {
  /** Prior and evidence in natural log-odds. */
  readonly logOdds: number;
  readonly object: string;
  readonly explains: Partial<Readonly<Record<SymptomId, number>>>;
  /** Symptoms that it brings to other things of its kind, too. */
  readonly explainsAcross?: readonly SymptomId[] | undefined;
}

export interface SymptomNode {
  readonly id: SymptomId;
  /** `host` for a symptom of the host as a whole. */
  readonly object: string;
  readonly seen: boolean;
  /** Probability of seeing it without any cause of the catalogue. */
  readonly leak: number;
}

const maxDoubles = 30;
const beamWidth = 30;
const maxSetSize = 6;
/** A set that weighs less than this share of the best cannot matter. */
const negligible = 1e-9;

const guestKinds = ['qemu', 'lxc', 'libvirt', 'nspawn'];

function kindOf(object: string): string {
  const kind = object.split('/', 1)[0] ?? '';
  return guestKinds.includes(kind) ? 'guest' : kind;
}

/** Probability that the candidate brings the symptom. Things of one kind (two disks, two guests) do not bring each other's symptoms, unless said. */
export function explaining(candidate: Omit<Candidate, 'logOdds'>, symptom: Pick<SymptomNode, 'id' | 'object'>): number {
  const probability = candidate.explains[symptom.id] ?? 0;
  const another = kindOf(candidate.object) === kindOf(symptom.object) && candidate.object !== symptom.object;
  return another && !candidate.explainsAcross?.includes(symptom.id) ? 0 : probability;
}

function logWeight(set: readonly number[], candidates: readonly Candidate[], symptoms: readonly SymptomNode[]): number {
  let sum = 0;
  for (const index of set) sum += candidates[index]!.logOdds;
  for (const symptom of symptoms) {
    let notBrought = 1 - symptom.leak;
    for (const index of set) notBrought *= 1 - explaining(candidates[index]!, symptom);
    sum += symptom.seen ? Math.log(Math.max(1 - notBrought, 1e-12)) : Math.log(Math.max(notBrought, 1e-12));
  }
  return sum;
}

/**
 * Probability of each candidate, given all symptoms: noisy-OR with leak over fault sets (QMR-DT; Shwe et al. 1991). The
 * empty set, all single faults, the doubles among the most promising, and extensions of the best sets by beam search up
 * to six faults are enumerated; a candidate's probability is the share of the sets that contain it.
 */
export function combine(candidates: readonly Candidate[], symptoms: readonly SymptomNode[]): number[] {
  const weights = new Map<string, { set: readonly number[]; logWeight: number }>();
  const add = (set: readonly number[]): { set: readonly number[]; logWeight: number } => {
    const key = set.join(',');
    const known = weights.get(key);
    if (known) return known;
    const entry = { set, logWeight: logWeight(set, candidates, symptoms) };
    weights.set(key, entry);
    return entry;
  };
  add([]);
  const singles = candidates.map((_, index) => add([index])).sort((a, b) => b.logWeight - a.logWeight);
  const promising = singles.slice(0, maxDoubles).map((entry) => entry.set[0]!);
  let beam = singles.slice(0, beamWidth);
  for (let size = 2; size <= maxSetSize; size += 1) {
    const extended = new Map<string, { set: readonly number[]; logWeight: number }>();
    for (const { set } of beam) {
      for (const index of promising) {
        if (set.includes(index)) continue;
        const entry = add([...set, index].sort((a, b) => a - b));
        extended.set(entry.set.join(','), entry);
      }
    }
    beam = [...extended.values()].sort((a, b) => b.logWeight - a.logWeight).slice(0, beamWidth);
    if (beam.length === 0) break;
  }
  const best = Math.max(...[...weights.values()].map((entry) => entry.logWeight));
  const shares = new Array<number>(candidates.length).fill(0);
  let total = 0;
  for (const { set, logWeight: weight } of weights.values()) {
    const share = Math.exp(weight - best);
    if (share < negligible) continue;
    total += share;
    for (const index of set) shares[index]! += share;
  }
  return shares.map((share) => share / total);
}
