import { z } from 'zod';
import { mean, median } from '../../lib/averages.ts';
import { emptyExpectation, expectationSchema, expectedAt, learn, spreadAt } from './expectation.ts';
import { defaultDetectorSettings, type DetectorSettings } from './settings.ts';
import { closeBlock, emptyTail, fitTail, observe, startGeneration, tailSchema, type FittedTail, type Tail } from './tail.ts';

/** In which way a sample is unusual. */
export const aspects = ['above', 'below', 'jump up', 'jump down', 'restless'] as const;
export type Aspect = (typeof aspects)[number];

const samplesBefore = 3;
const surprisesKept = 10;
const intervalsKept = 15;

/** All that a detector has learnt of one metric: bounded, and JSON. */
export const detectorStateSchema = z.object({
  version: z.literal(1),
  lastAtMs: z.number().nullable(),
  expectation: expectationSchema,
  tails: z.object({ above: tailSchema, below: tailSchema, 'jump up': tailSchema, 'jump down': tailSchema, restless: tailSchema }),
  /** For limits: of the distances alone, from when the spread was known on. In the others the guesses of the first hours stand as well, which makes them slow to call something rare. */
  limitTails: z.object({ above: tailSchema, below: tailSchema }),
  /** The samples before, the surprise of the last jumps, and the milliseconds between the last samples. */
  before: z.array(z.number()).max(samplesBefore),
  surprises: z.array(z.number()).max(surprisesKept),
  intervalsMs: z.array(z.number()).max(intervalsKept),
  openSamples: z.int().nonnegative(),
  /** The open block is held open until what is rare has passed: so many samples more, but not for longer than news lasts. */
  heldSamples: z.int().nonnegative(),
  heldSinceMs: z.number().nullable(),
  generationMs: z.number().nullable(),
  news: z.object({ atMs: z.number(), score: z.number() }).nullable(),
});
export type DetectorState = z.infer<typeof detectorStateSchema>;

/** What a sample was found to be. */
export interface Finding {
  /** Expected value at that time; undefined for the very first sample. */
  readonly expected: number | undefined;
  /** How rare it is: −log10 of the share of blocks that reach as far. 0: ordinary, or too little is known. */
  readonly score: number;
  /** In which way it is that rare. */
  readonly aspect: Aspect | undefined;
  /** The score, when this is news; 0 while it is more of the same trouble. */
  readonly news: number;
}

export interface Detector {
  /** Takes the next sample. One that is not newer than the last, or no number, changes nothing. */
  update(atMs: number, value: number): Finding;
  /** Learns the usual course from history of another resolution, without its extremes: those of averages say nothing of single samples. */
  learnCourse(atMs: number, value: number): void;
  readonly state: DetectorState;
}

const emptyState = (): DetectorState => ({
  version: 1,
  lastAtMs: null,
  expectation: emptyExpectation(),
  tails: { above: emptyTail(), below: emptyTail(), 'jump up': emptyTail(), 'jump down': emptyTail(), restless: emptyTail() },
  limitTails: { above: emptyTail(), below: emptyTail() },
  before: [],
  surprises: [],
  intervalsMs: [],
  openSamples: 0,
  heldSamples: 0,
  heldSinceMs: null,
  generationMs: null,
  news: null,
});

/** The least step of each statistic, in spreads. */
export const resolution = 0.1;
const fewestBlocks = 8;
/** Before so many hours are known, the spread is a guess, and distances in spreads say nothing of what a limit should be. */
const fewestHours = 6;
const mostSpreads = 1e6;
const mostSurprise = 6;
const nothingFound: Finding = { expected: undefined, score: 0, aspect: undefined, news: 0 };

const bounded = (spreads: number): number => Math.min(Math.max(spreads, -mostSpreads), mostSpreads);

function keep(ring: number[], value: number, most: number): void {
  ring.push(value);
  if (ring.length > most) ring.shift();
}

/** Milliseconds from one sample to the next, usually; undefined before the second. */
export const intervalOf = (state: DetectorState): number | undefined => median(state.intervalsMs);

/** Larger values could not be squared or summed. */
const mostValue = 1e100;
const isNext = (state: DetectorState, atMs: number, value: number): boolean => Math.abs(value) <= mostValue && Number.isFinite(atMs) && (state.lastAtMs === null || atMs > state.lastAtMs);

/** What is open is learnt from: maxima go into the tails, which are fitted anew. */
function endBlock(state: DetectorState, settings: DetectorSettings, atMs: number): void {
  const tails: readonly Tail[] = [...Object.values(state.tails), ...Object.values(state.limitTails)];
  for (const tail of tails) closeBlock(tail, Math.max(1, Math.round(state.openSamples / settings.blockSamples)));
  state.openSamples = 0;
  state.heldSamples = 0;
  state.heldSinceMs = null;
  state.generationMs ??= atMs;
  if (atMs - state.generationMs < settings.generationMs) return;
  for (const tail of tails) startGeneration(tail);
  state.generationMs = atMs;
}

function newsOf(state: DetectorState, settings: DetectorSettings, atMs: number, score: number): number {
  if (score < settings.newsFrom) return state.news !== null && atMs - state.news.atMs <= settings.newsLastsMs ? 0 : score;
  if (state.news !== null && atMs - state.news.atMs <= settings.newsLastsMs && score <= state.news.score + settings.escalation) return 0;
  state.news = { atMs, score };
  return score;
}

/**
 * Finds what is unusual in one metric, sample by sample, in bounded memory and about constant time. Each sample is looked at in five ways: above and below what is usual at that hour of the week, jumps up and down
 * from the three samples before, and an unusual lot of jumps lately. How rare each is, the metric's own extremes say (`tail.ts`); the rarest counts.
 */
export function createDetector(settings: DetectorSettings = defaultDetectorSettings, restored?: DetectorState): Detector {
  const state: DetectorState = restored === undefined ? emptyState() : structuredClone(restored);
  const fitAll = (): Readonly<Record<Aspect, FittedTail>> => Object.fromEntries(aspects.map((aspect) => [aspect, fitTail(state.tails[aspect], resolution)])) as Record<Aspect, FittedTail>;
  let fitted = fitAll();
  let spreadIsKnown = false;
  const knowsSpread = (): boolean => (spreadIsKnown ||= state.expectation.spread !== null && state.expectation.medians.filter((middle) => middle !== null).length >= fewestHours);

  /** −log10 of the share of blocks that reach as far, from the past alone. */
  const rareness = (aspect: Aspect, statistic: number): number => (fitted[aspect].blocks < fewestBlocks ? 0 : -Math.log10(fitted[aspect].shareAbove(statistic)));

  const update = (atMs: number, value: number): Finding => {
    if (!isNext(state, atMs, value)) return nothingFound;
    if (state.lastAtMs !== null) keep(state.intervalsMs, atMs - state.lastAtMs, intervalsKept);
    state.lastAtMs = atMs;
    learn(state.expectation, atMs, value);
    const expected = expectedAt(state.expectation, atMs) ?? value;
    const spread = spreadAt(state.expectation, atMs);
    const off = bounded((value - expected) / spread);
    const jump = state.before.length < samplesBefore ? 0 : bounded((value - mean(state.before)) / spread);
    keep(state.before, value, samplesBefore);
    keep(state.surprises, Math.min(rareness('jump up', jump), mostSurprise) + Math.min(rareness('jump down', -jump), mostSurprise), surprisesKept);
    const statistics: Readonly<Record<Aspect, number>> = { above: off, below: -off, 'jump up': jump, 'jump down': -jump, restless: mean(state.surprises) };

    let [score, aspect]: [number, Aspect | undefined] = [0, undefined];
    for (const each of aspects) {
      const own = rareness(each, statistics[each]);
      if (own > score) [score, aspect] = [own, each];
      observe(state.tails[each], statistics[each]);
    }
    if (knowsSpread()) for (const side of ['above', 'below'] as const) observe(state.limitTails[side], statistics[side]);
    state.openSamples += 1;
    if (score >= settings.holdFrom) {
      state.heldSamples = settings.heldBlocks * settings.blockSamples;
      state.heldSinceMs ??= atMs;
    }
    if (state.heldSamples > 0) state.heldSamples -= 1;
    const isHeld = state.heldSamples > 0 && atMs - (state.heldSinceMs ?? atMs) < settings.newsLastsMs;
    if (state.openSamples >= settings.blockSamples && !isHeld) {
      endBlock(state, settings, atMs);
      fitted = fitAll();
    }
    return { expected, score, aspect, news: newsOf(state, settings, atMs, score) };
  };

  const learnCourse = (atMs: number, value: number): void => {
    if (!isNext(state, atMs, value)) return;
    state.lastAtMs = atMs;
    learn(state.expectation, atMs, value);
  };

  return { update, learnCourse, state };
}
