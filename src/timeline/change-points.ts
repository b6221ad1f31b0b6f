import { mean, median } from '../lib/averages.ts';
import { bestExplanation } from './explanation.ts';
import { pelt } from './pelt.ts';
import { withoutOutliers } from './spread.ts';

/** Where the level of a series changes, and what moves around the levels. All is in samples: gaps in time do not count. */
export interface ChangePoints {
  /** Indices of the first sample after each change, ascending. */
  readonly changes: readonly number[];
  /** Of the line that was taken out before, a sample; 0 where there was none. */
  readonly slope: number;
  /** Of the noise, a sample: what decides how large a change must be. */
  readonly longRunVariance: number;
  /** The values that were searched: outliers taken out. */
  readonly cleaned: readonly number[];
}

/** Up to this many samples that stand out alone are an outlier; a change lasts longer. */
const outlierReach = 2;
const minSegment = outlierReach + 1;
/** Longer series are told by means of so many stretches what their noise is like. */
const mostBlocks = 600;
/** Below this, nothing can be told from chance. */
const fewest = 6;

function blockMeans(values: readonly number[], size: number): number[] {
  return Array.from({ length: Math.floor(values.length / size) }, (_, block) => mean(values.slice(block * size, (block + 1) * size)));
}

/**
 * Finds the changes of level: PELT, with a penalty of three times the long-run variance times the logarithm of the number of independent samples that the series is worth, a change. That variance comes from the best explanation of the series by levels, a line and
 * noise with a memory, of means of stretches where the series is long.
 */
export function findChangePoints(values: readonly number[]): ChangePoints {
  if (values.length < fewest) return { changes: [], slope: 0, longRunVariance: 0, cleaned: values };
  // Values as large as a number may be would have no square.
  const unit = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  const middle = median(values.map((value) => value / unit)) ?? 0;
  const cleaned = withoutOutliers(values.map((value) => value / unit - middle), outlierReach);
  const size = Math.max(1, Math.ceil(cleaned.length / mostBlocks));
  const best = bestExplanation(blockMeans(cleaned, size), minSegment);
  const slope = best.slope / size;
  const longRun = best.longRunVariance * size;
  const searched = slope === 0 ? cleaned : cleaned.map((value, at) => value - slope * at);
  const level = mean(searched);
  const worth = Math.max((cleaned.length * best.variance) / longRun, Math.E);
  const changes = best.changes.length === 0 ? [] : pelt(searched.map((value) => value - level), 3 * longRun * Math.log(worth), minSegment);
  return { changes, slope: slope * unit, longRunVariance: longRun * unit * unit, cleaned: cleaned.map((value) => (value + middle) * unit) };
}
