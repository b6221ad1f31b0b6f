import type { RunResult } from '../define.ts';
import { calibration, type Calibration } from './calibration.ts';
import { accusations, inFirstThree, leadsRight, wronglyIdentified } from './rightness.ts';
import { bootstrapBounds, clopperPearson, median, quantile, type Bounds, type FamilyCount } from './statistics.ts';

/** A share of runs with its 95 % bounds. Without runs the share is undefined. */
export interface Share {
  readonly hits: number;
  readonly count: number;
  readonly share: number | undefined;
  readonly bounds: Bounds;
}

export interface Spread {
  readonly count: number;
  readonly median: number | undefined;
  /** Nearest rank. */
  readonly p95: number | undefined;
  readonly max: number | undefined;
}

/** Scores of one set of runs: of all, of one half, of one suite, of one subject. */
export interface GroupScores {
  readonly runs: number;
  /** Runs without any failure, controls included. Bounds by bootstrap over families, as for the next two. */
  readonly right: Share;
  /** Over faults and doubles; runs that ended as `not-injected` or `error` are misses. */
  readonly topOne: Share;
  readonly topThree: Share;
  /** Controls that were accused, of the controls with a verdict. Exact bounds (Clopper and Pearson). */
  readonly accusedControls: Share;
  /** The same with a family of controls as one trial, since runs of one family are no independent draws. */
  readonly accusedFamilies: Share;
  readonly controls: number;
  /** Runs with at least one cause that is identified and wrong, and the number of such causes. */
  readonly wronglyIdentifiedRuns: number;
  readonly wronglyIdentifiedCauses: number;
  readonly notInjected: number;
  readonly errors: number;
}

export interface Scores {
  readonly all: GroupScores;
  readonly open: GroupScores;
  readonly heldOut: GroupScores;
  readonly bySuite: ReadonlyMap<string, GroupScores>;
  readonly bySubject: ReadonlyMap<string, GroupScores>;
  readonly calibration: Calibration;
  /** From the start of the look to the verdict. */
  readonly verdictSeconds: Spread;
  readonly hostCpuSeconds: Spread;
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return new Map([...groups].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function familyCounts(results: readonly RunResult[], hit: (result: RunResult) => boolean): FamilyCount[] {
  return [...groupBy(results, (result) => result.family)].map(([family, runs]) => ({
    family,
    hits: runs.filter(hit).length,
    count: runs.length,
  }));
}

const shareOf = (hits: number, count: number, bounds: Bounds): Share => ({ hits, count, bounds, share: count === 0 ? undefined : hits / count });

function byFamilies(results: readonly RunResult[], hit: (result: RunResult) => boolean): Share {
  return shareOf(results.filter(hit).length, results.length, bootstrapBounds(familyCounts(results, hit)));
}

/** Runs or families as independent trials. */
function byTrials(hits: number, count: number): Share {
  return shareOf(hits, count, clopperPearson(hits, count));
}

export function groupScores(results: readonly RunResult[]): GroupScores {
  const faults = results.filter((result) => result.kind !== 'control');
  const controls = results.filter((result) => result.kind === 'control');
  const asked = controls.filter((result) => result.verdict !== undefined);
  const isAccused = (result: RunResult): boolean => accusations(result).length > 0;
  const families = familyCounts(asked, isAccused);
  const wrong = results.map((result) => wronglyIdentified(result).length).filter((count) => count > 0);
  return {
    runs: results.length,
    right: byFamilies(results, (result) => result.outcome === 'right'),
    topOne: byFamilies(faults, leadsRight),
    topThree: byFamilies(faults, inFirstThree),
    accusedControls: byTrials(asked.filter(isAccused).length, asked.length),
    accusedFamilies: byTrials(families.filter((one) => one.hits > 0).length, families.length),
    controls: controls.length,
    wronglyIdentifiedRuns: wrong.length,
    wronglyIdentifiedCauses: wrong.reduce((sum, count) => sum + count, 0),
    notInjected: results.filter((result) => result.outcome === 'not-injected').length,
    errors: results.filter((result) => result.outcome === 'error').length,
  };
}

function spread(values: readonly number[]): Spread {
  return { count: values.length, median: median(values), p95: quantile(values, 0.95), max: quantile(values, 1) };
}

function scoresBy(results: readonly RunResult[], keyOf: (result: RunResult) => string): Map<string, GroupScores> {
  return new Map([...groupBy(results, keyOf)].map(([key, some]) => [key, groupScores(some)]));
}

/** All scores of the published page. The same results give the same scores, in whatever order they come. */
export function scores(results: readonly RunResult[]): Scores {
  return {
    all: groupScores(results),
    open: groupScores(results.filter((result) => !result.heldOut)),
    heldOut: groupScores(results.filter((result) => result.heldOut)),
    bySuite: scoresBy(results, (result) => result.suite),
    bySubject: scoresBy(results, (result) => result.subject),
    calibration: calibration(results),
    verdictSeconds: spread(results.flatMap((result) => (result.verdict === undefined ? [] : [result.seconds.investigate]))),
    hostCpuSeconds: spread(results.flatMap((result) => result.hostCpuSeconds ?? [])),
  };
}

/** The first bar: what must hold over all scenarios and both suites. */
export function meetsBar({ topOne, topThree, accusedControls, wronglyIdentifiedRuns }: GroupScores): Record<'topOne' | 'topThree' | 'controls' | 'identified', boolean> {
  return {
    topOne: (topOne.share ?? 0) >= 0.9,
    topThree: (topThree.share ?? 0) >= 0.97,
    controls: accusedControls.count > 0 && accusedControls.hits === 0,
    identified: wronglyIdentifiedRuns === 0,
  };
}
