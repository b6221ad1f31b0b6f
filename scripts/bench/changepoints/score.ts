/** Change points by annotator: 0-based indices of the first sample of a new stretch. */
export type Annotations = Readonly<Record<string, readonly number[]>>;

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** How many of the true points have a found point within the margin; each found point serves one true point. */
function matched(truth: Iterable<number>, found: ReadonlySet<number>, margin: number): number {
  const free = new Set(found);
  let count = 0;
  for (const point of truth) {
    const nearest = [...free].filter((at) => Math.abs(at - point) <= margin).sort((a, b) => Math.abs(a - point) - Math.abs(b - point) || a - b)[0];
    if (nearest === undefined) continue;
    free.delete(nearest);
    count += 1;
  }
  return count;
}

/**
 * F1 of change points against several annotators (G. J. J. van den Burg and C. K. I. Williams, An Evaluation of Change Point Detection Algorithms, 2020): precision against what anyone marked,
 * recall as the mean over the annotators; index 0 counts as marked by all and found by all.
 */
export function f1Score(annotations: Annotations, found: readonly number[], margin = 5): number {
  const marked = Object.values(annotations).map((points) => new Set([0, ...points].sort((a, b) => a - b)));
  const all = new Set([0, ...found].sort((a, b) => a - b));
  const anyone = [...new Set(marked.flatMap((points) => [...points]))].sort((a, b) => a - b);
  const precision = matched(anyone, all, margin) / all.size;
  const recall = mean(marked.map((points) => matched(points, all, margin) / points.size));
  return (2 * precision * recall) / (precision + recall);
}

type Stretch = readonly [start: number, end: number];

function stretches(points: readonly number[], count: number): Stretch[] {
  const inside = [...new Set(points)].filter((at) => at > 0 && at < count).sort((a, b) => a - b);
  return [0, ...inside].map((start, index) => [start, inside[index] ?? count]);
}

function jaccard([a, b]: Stretch, [c, d]: Stretch): number {
  const shared = Math.max(0, Math.min(b, d) - Math.max(a, c));
  return shared / (b - a + (d - c) - shared);
}

/** Covering of the annotated segmentation by the one found (P. Arbeláez et al. 2010), the mean over the annotators. */
export function covering(annotations: Annotations, found: readonly number[], count: number): number {
  const ours = stretches(found, count);
  return mean(Object.values(annotations).map((points) => stretches(points, count).reduce((sum, theirs) => sum + (theirs[1] - theirs[0]) * Math.max(...ours.map((one) => jaccard(theirs, one))), 0) / count));
}

/** What counts as found: no index twice, and neither the first nor the last sample, as the published scores have it. */
export const validPoints = (found: readonly number[], count: number): number[] => [...new Set(found)].filter((at) => at >= 1 && at < count - 1).sort((a, b) => a - b);
