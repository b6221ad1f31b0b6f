/** Prometheus answers no question for more than 11,000 points of a series ("exceeded maximum resolution"). */
const mostPoints = 10_000;

export interface QueryRange {
  readonly fromSeconds: number;
  readonly toSeconds: number;
}

/** Splits a span into parts that a server answers, all on one grid: the next part begins one step behind the end of the one before. */
export function queryRanges(fromMs: number, toMs: number, stepSeconds: number): QueryRange[] {
  if (!Number.isFinite(fromMs) || !Number.isFinite(toMs) || toMs < fromMs) throw new RangeError('a history ends after it begins');
  if (!Number.isFinite(stepSeconds) || stepSeconds <= 0) throw new RangeError('a step is longer than nothing');
  const steps = Math.floor((toMs - fromMs) / 1000 / stepSeconds);
  const parts = Math.floor(steps / mostPoints) + 1;
  return Array.from({ length: parts }, (_, index) => ({
    fromSeconds: fromMs / 1000 + index * mostPoints * stepSeconds,
    toSeconds: fromMs / 1000 + Math.min(steps, (index + 1) * mostPoints - 1) * stepSeconds,
  }));
}
