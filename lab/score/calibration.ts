import type { RunResult } from '../define.ts';
import { claimOf, isRightCause, verdictOf, type Claim } from './rightness.ts';

/** Mean squared distance between the probability of a claim and what was so (1 or 0). 0 is perfect. */
export interface Brier {
  readonly claims: number;
  readonly score: number | undefined;
  /** What always saying the share of right claims would score: share · (1 − share). */
  readonly uninformed: number | undefined;
}

export interface ReliabilityBin {
  /** From `from` to below `to`; the last bin includes 1. */
  readonly from: number;
  readonly to: number;
  readonly claims: number;
  readonly meanProbability: number | undefined;
  readonly rightShare: number | undefined;
}

/** How often one word for the certainty was right. */
export interface StatusScore {
  readonly status: 'identified' | 'suspected';
  /** All causes with this word, and those of them that the truth lets be named, about the right thing. */
  readonly causes: number;
  readonly rightCauses: number;
  /** Only the leading causes with this word, and those that lead rightly. */
  readonly leading: number;
  readonly rightLeading: number;
}

export interface Calibration {
  readonly all: Brier;
  readonly faults: Brier;
  readonly controls: Brier;
  /** Verdicts that claim nothing: no cause is named and the status is not healthy. */
  readonly withoutClaim: number;
  /** Of "the leading cause is right", over faults, doubles and controls. */
  readonly bins: readonly ReliabilityBin[];
  readonly noCause: { readonly claims: number; readonly right: number };
  readonly byStatus: readonly StatusScore[];
  /** The verdicts' words, and how many runs with that word are right in all respects. */
  readonly byVerdict: readonly { readonly status: string; readonly runs: number; readonly right: number }[];
}

const edges = [0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1];

function mean(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function brier(claims: readonly Claim[]): Brier {
  const share = mean(claims.map((claim) => Number(claim.right)));
  return {
    claims: claims.length,
    score: mean(claims.map((claim) => (claim.probability - Number(claim.right)) ** 2)),
    uninformed: share === undefined ? undefined : share * (1 - share),
  };
}

export function reliabilityBins(claims: readonly Claim[]): ReliabilityBin[] {
  return edges.slice(0, -1).map((from, index) => {
    const to = edges[index + 1]!;
    const inside = claims.filter((claim) => claim.probability >= from && (claim.probability < to || to === 1));
    return {
      from,
      to,
      claims: inside.length,
      meanProbability: mean(inside.map((claim) => claim.probability)),
      rightShare: mean(inside.map((claim) => Number(claim.right))),
    };
  });
}

function scoreOf(status: StatusScore['status'], results: readonly RunResult[]): StatusScore {
  const score = { status, causes: 0, rightCauses: 0, leading: 0, rightLeading: 0 };
  for (const result of results) {
    for (const [index, cause] of (verdictOf(result)?.causes ?? []).entries()) {
      if (cause.status !== status) continue;
      score.causes += 1;
      if (isRightCause(result, cause)) score.rightCauses += 1;
      if (index > 0) continue;
      score.leading += 1;
      if (claimOf(result)?.right === true) score.rightLeading += 1;
    }
  }
  return score;
}

function byVerdict(results: readonly RunResult[]): Calibration['byVerdict'] {
  const words = ['identified', 'suspected', 'healthy', 'inconclusive', 'unreachable'];
  const seen = new Set(results.flatMap((result) => verdictOf(result)?.status ?? []));
  const others = [...seen].filter((status) => !words.includes(status)).sort();
  return [...words, ...others].map((status) => {
    const runs = results.filter((result) => verdictOf(result)?.status === status);
    return { status, runs: runs.length, right: runs.filter((run) => run.outcome === 'right').length };
  });
}

export function calibration(results: readonly RunResult[]): Calibration {
  const claimsOf = (some: readonly RunResult[]): Claim[] => some.flatMap((result) => claimOf(result) ?? []);
  const all = claimsOf(results);
  const noCause = all.filter((claim) => claim.about === 'no cause');
  return {
    all: brier(all),
    faults: brier(claimsOf(results.filter((result) => result.kind !== 'control'))),
    controls: brier(claimsOf(results.filter((result) => result.kind === 'control'))),
    withoutClaim: results.filter((result) => verdictOf(result) !== undefined).length - all.length,
    bins: reliabilityBins(all.filter((claim) => claim.about === 'leading cause')),
    noCause: { claims: noCause.length, right: noCause.filter((claim) => claim.right).length },
    byStatus: [scoreOf('identified', results), scoreOf('suspected', results)],
    byVerdict: byVerdict(results),
  };
}
