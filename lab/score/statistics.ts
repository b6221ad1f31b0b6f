/** Bounds of a share, both between 0 and 1. */
export interface Bounds {
  readonly low: number;
  readonly high: number;
}

/** Random numbers in [0, 1) that are the same each time: mulberry32 by Tommy Ettinger, 32 bits of state. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The smallest value that at least this share of the values does not exceed (nearest rank); undefined without values. */
export function quantile(values: readonly number[], share: number): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length - 1e-9) - 1)];
}

export function median(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  return upper === undefined || lower === undefined ? undefined : (lower + upper) / 2;
}

/** Probability of at most `hits` of `count`, each with the given probability. */
function binomialAtMost(hits: number, count: number, probability: number): number {
  if (probability <= 0) return 1;
  if (probability >= 1) return hits >= count ? 1 : 0;
  let logTerm = count * Math.log1p(-probability);
  let sum = Math.exp(logTerm);
  for (let k = 1; k <= hits; k++) {
    logTerm += Math.log((count - k + 1) / k) + Math.log(probability) - Math.log1p(-probability);
    sum += Math.exp(logTerm);
  }
  return Math.min(1, sum);
}

/** The probability at which a falling function of it comes down to the target. */
function solve(falling: (probability: number) => number, target: number): number {
  let low = 0;
  let high = 1;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (falling(middle) > target) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Exact 95 % bounds of a share (Clopper and Pearson 1934). Without any trial: 0 to 1. */
export function clopperPearson(hits: number, count: number): Bounds {
  return {
    low: hits === 0 ? 0 : solve((p) => binomialAtMost(hits - 1, count, p), 0.975),
    high: hits >= count ? 1 : solve((p) => binomialAtMost(hits, count, p), 0.025),
  };
}

export const bootstrapResamples = 2000;
const bootstrapSeed = 20_000;

/** How often something was so in one family of scenarios. */
export interface FamilyCount {
  readonly family: string;
  readonly hits: number;
  readonly count: number;
}

/**
 * 95 % bounds of the share of hits, by the percentile method: whole families are drawn with replacement, as many as there are.
 * Where all hit or none does, the draws do not differ; the bounds are then the exact ones with each family as one trial. One
 * family alone says nothing about others: 0 to 1.
 */
export function bootstrapBounds(families: readonly FamilyCount[]): Bounds {
  const hits = families.reduce((sum, one) => sum + one.hits, 0);
  const count = families.reduce((sum, one) => sum + one.count, 0);
  if (hits === 0) return clopperPearson(0, families.length);
  if (hits === count) return clopperPearson(families.length, families.length);
  if (families.length === 1) return { low: 0, high: 1 };
  const sorted = families.toSorted((a, b) => (a.family < b.family ? -1 : 1));
  const random = seededRandom(bootstrapSeed);
  const shares = Array.from({ length: bootstrapResamples }, () => {
    let drawnHits = 0;
    let drawnCount = 0;
    for (let draw = 0; draw < sorted.length; draw++) {
      const one = sorted[Math.floor(random() * sorted.length)]!;
      drawnHits += one.hits;
      drawnCount += one.count;
    }
    return drawnHits / drawnCount;
  });
  return { low: quantile(shares, 0.025)!, high: quantile(shares, 0.975)! };
}
