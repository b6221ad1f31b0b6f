/** One series as the scorer sees it. */
export interface ScoredSeries {
  /** A number for each row: the larger, the more unusual. */
  readonly scores: ArrayLike<number>;
  /** Labelled windows, first and last row of each, ascending, without overlap. */
  readonly windows: readonly (readonly [first: number, last: number])[];
}

/** What a detection in a window, one outside and a missed window count. */
export interface Profile {
  readonly truePositive: number;
  readonly falsePositive: number;
  readonly falseNegative: number;
}

/** The three profiles of the Numenta Anomaly Benchmark. */
export const profiles = {
  standard: { truePositive: 1, falsePositive: 0.11, falseNegative: 1 },
  'low FP': { truePositive: 1, falsePositive: 0.22, falseNegative: 1 },
  'low FN': { truePositive: 1, falsePositive: 0.11, falseNegative: 2 },
} as const satisfies Readonly<Record<string, Profile>>;

export type ProfileName = keyof typeof profiles;

/** Rows at the beginning of a series that are for learning and are not scored: 15 % of it, at most 15 % of 5000. */
export const probationaryRows = (rows: number): number => Math.min(Math.floor(0.15 * rows), 0.15 * 5000);

/** +1 well before the end of a window, 0 at its end, −1 three widths of the window behind it. */
const sigmoid = (position: number): number => (position > 3 ? -1 : 2 / (1 + Math.exp(5 * position)) - 1);

/** One row that may be called an anomaly: what it then counts, in a window (by its index over all series) or outside. */
interface Row {
  readonly score: number;
  readonly weight: number;
  readonly window: number;
}

const outside = -1;

function rowsOf({ scores, windows }: ScoredSeries, firstWindow: number): Row[] {
  const rows: Row[] = [];
  const start = probationaryRows(scores.length);
  let next = 0;
  for (let at = 0; at < scores.length; at += 1) {
    while (next < windows.length && windows[next]![1] < at) next += 1;
    const [current, previous] = [windows[next], windows[next - 1]];
    if (at < start) continue;
    if (current !== undefined && at >= current[0]) {
      const position = -(current[1] - at + 1) / (current[1] - current[0] + 1);
      rows.push({ score: scores[at]!, weight: sigmoid(position) / sigmoid(-1), window: firstWindow + next });
    } else {
      const weight = previous === undefined ? -1 : sigmoid((at - previous[1]) / (previous[1] - previous[0]));
      rows.push({ score: scores[at]!, weight, window: outside });
    }
  }
  return rows;
}

export interface Score {
  /** 100 for a detection on the first row of each window and no other, 0 for none at all. Undefined without windows. */
  readonly normalised: number | undefined;
  /** Rows from this score up are called anomalies. */
  readonly threshold: number;
  readonly found: number;
  readonly windows: number;
  /** Rows outside windows that are called anomalies. */
  readonly falseRows: number;
}

/**
 * The score of the Numenta Anomaly Benchmark (A. Lavin and S. Ahmad, Evaluating Real-time Anomaly Detection Algorithms, 2015, and NAB's scorer): of each window only the detection that counts
 * most counts, the earlier the more; each detection outside counts against, little right behind a window. With `threshold` undefined the best one for all series together is taken, as NAB does for
 * every detector that it publishes.
 */
export function nabScore(series: readonly ScoredSeries[], profile: Profile, threshold?: number): Score {
  const windows = series.reduce((sum, one) => sum + one.windows.length, 0);
  let firstWindow = 0;
  const rows = series.flatMap((one) => {
    const own = rowsOf(one, firstWindow);
    firstWindow += one.windows.length;
    return own;
  });
  rows.sort((a, b) => b.score - a.score);
  const inWindow = new Float64Array(windows).fill(-profile.falseNegative);
  let [sum, found, falseRows] = [-profile.falseNegative * windows, 0, 0];
  let best = { sum, threshold: threshold ?? Infinity, found, falseRows };
  for (const [index, { score, weight, window }] of rows.entries()) {
    if (threshold !== undefined && score < threshold) break;
    if (window === outside) {
      sum += profile.falsePositive * weight;
      falseRows += 1;
    } else {
      const counts = profile.truePositive * weight;
      if (inWindow[window] === -profile.falseNegative) found += 1;
      if (counts > inWindow[window]!) {
        sum += counts - inWindow[window]!;
        inWindow[window] = counts;
      }
    }
    const isLastOfScore = rows[index + 1]?.score !== score;
    if (isLastOfScore && (threshold !== undefined || sum > best.sum)) best = { sum, threshold: threshold ?? score, found, falseRows };
  }
  const [perfect, none] = [profile.truePositive * windows, -profile.falseNegative * windows];
  return { normalised: windows === 0 ? undefined : (100 * (best.sum - none)) / (perfect - none), threshold: best.threshold, found: best.found, windows, falseRows: best.falseRows };
}
