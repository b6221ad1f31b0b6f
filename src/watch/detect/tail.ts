import { z } from 'zod';

/** The largest block maxima of one stretch of history, descending, and how many blocks it had. */
const generationSchema = z.object({ blocks: z.number().nonnegative(), largest: z.array(z.number()).max(64) });

/**
 * How often a statistic becomes how large, learnt from the maxima of blocks of samples: troubles are counted by the block, not by the sample. The present generation and the one before are kept, so
 * that what is old is forgotten.
 */
export const tailSchema = z.object({
  /** Largest value of the block that is open; null before its first. */
  open: z.number().nullable(),
  present: generationSchema,
  before: generationSchema,
});
export type Tail = z.infer<typeof tailSchema>;

export const emptyTail = (): Tail => ({ open: null, present: { blocks: 0, largest: [] }, before: { blocks: 0, largest: [] } });

/** Block maxima kept a generation. */
const kept = 32;
/** Shape of the tail before anything is known of it, and how many maxima that counts for. */
export interface ShapePrior {
  readonly shape: number;
  readonly maxima: number;
}
/** To rank what is rare: somewhat heavier than exponential, and firm, since the shape from some thirty maxima wavers. */
const forRanking: ShapePrior = { shape: 0.1, maxima: 40 };
/** To set a limit that is kept neither too wide nor too narrow: exponential, and soon outweighed by what was seen. */
export const forLimits: ShapePrior = { shape: 0, maxima: 10 };
const shapeBounds = [-0.5, 0.9] as const;

export function observe(tail: Tail, value: number): void {
  if (tail.open === null || value > tail.open) tail.open = value;
}

/** Ends the open block, which counts for `blocks` of ordinary length. */
export function closeBlock(tail: Tail, blocks: number): void {
  if (tail.open === null) return;
  const { largest } = tail.present;
  tail.present.blocks += blocks;
  if (largest.length < kept || tail.open > largest.at(-1)!) {
    let place = largest.length;
    while (place > 0 && largest[place - 1]! < tail.open) place -= 1;
    largest.splice(place, 0, tail.open);
    if (largest.length > kept) largest.pop();
  }
  tail.open = null;
}

export function startGeneration(tail: Tail): void {
  tail.before = tail.present;
  tail.present = { blocks: 0, largest: [] };
}

/** A tail that was fitted: expected maxima a block above a value, and the value for such a rate. */
export interface FittedTail {
  /** Blocks that it was learnt from. */
  readonly blocks: number;
  /** Expected share of blocks whose maximum reaches the value; 1 for what is not in the tail. */
  shareAbove(value: number): number;
  /** Lowest value that a smaller share of blocks than this reaches. */
  valueFor(share: number): number;
}

const nothing: FittedTail = { blocks: 0, shareAbove: () => 1, valueFor: () => Infinity };

/**
 * Peaks over a threshold (J. Pickands 1975; A. Siffer et al., Anomaly Detection in Streams with Extreme Value Theory, 2017): a generalised Pareto distribution of what the largest block maxima
 * exceed the next one by. Its shape and scale come from probability-weighted moments (J. R. M. Hosking and J. R. Wallis 1987), the shape drawn towards a prior one as long as few maxima are known.
 * `resolution` is the least step that counts.
 */
export function fitTail(tail: Tail, resolution: number, prior: ShapePrior = forRanking): FittedTail {
  const blocks = tail.present.blocks + tail.before.blocks;
  const all = [...tail.present.largest, ...tail.before.largest].sort((a, b) => b - a);
  const count = Math.min(Math.max(8, Math.round(2 * Math.sqrt(blocks))), kept, all.length - 1);
  if (count < 4) return nothing;
  const largest = all.slice(0, count);
  const threshold = all[count]!;
  // Of ascending excesses the i-th of n weighs 1 − (i − 0.35)/n in the second moment.
  let [first, second] = [0, 0];
  for (const [index, value] of largest.entries()) {
    const excess = value - threshold;
    first += excess / count;
    second += (excess * (index + 0.35)) / count / count;
  }
  const own = first > 2 * second && second > 0 ? 2 - first / (first - 2 * second) : prior.shape;
  const shape = Math.min(Math.max((count * own + prior.maxima * prior.shape) / (count + prior.maxima), shapeBounds[0]), shapeBounds[1]);
  // With the shape given, the mean excess σ/(1 − ξ) sets the scale.
  const scale = Math.max(first * (1 - shape), resolution);
  const exceeding = count / blocks;
  const beyond = (value: number): number => {
    const stretch = 1 + (shape * (value - threshold)) / scale;
    return stretch <= 0 ? 0 : Math.abs(shape) < 1e-6 ? Math.exp(-(value - threshold) / scale) : stretch ** (-1 / shape);
  };
  const shareAbove = (value: number): number => {
    if (value <= threshold) return 1;
    let seen = 0;
    while (seen < count && largest[seen]! >= value) seen += 1;
    return Math.max(exceeding * beyond(value), seen / blocks, leastShare);
  };
  const valueFor = (share: number): number => {
    const ratio = share / exceeding;
    const fitted = ratio >= 1 ? threshold : threshold + (Math.abs(shape) < 1e-6 ? -Math.log(ratio) * scale : (scale * (ratio ** -shape - 1)) / shape);
    const seen = largest[Math.min(Math.floor(share * blocks), count - 1)]!;
    return Math.max(fitted, seen);
  };
  return { blocks, shareAbove, valueFor };
}

/** Nothing is called rarer than that. */
const leastShare = 1e-9;
