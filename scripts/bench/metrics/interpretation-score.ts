/** A score for each metric and the ones that were labelled, for a segment of so many samples. */
export interface Ranked {
  readonly scores: readonly number[];
  readonly labelled: readonly number[];
  readonly samples: number;
}

/**
 * Share of the labelled metrics among the top ones, as many as were labelled times `cut`, rounded down (HitRate@100 % and @150 %: Y. Su et al., OmniAnomaly, KDD 2019). Metrics of equal score
 * share their places: what is counted is the mean over all orders of them.
 */
export function hitRate({ scores, labelled }: Ranked, cut: number): number {
  const places = Math.min(scores.length, Math.floor(cut * labelled.length));
  return labelled.reduce((sum, metric) => {
    const own = scores[metric] ?? -Infinity;
    const above = scores.filter((score) => score > own).length;
    const equal = scores.filter((score) => score === own).length;
    return sum + Math.min(1, Math.max(0, (places - above) / equal)) / labelled.length;
  }, 0);
}

export interface InterpretationScore {
  /** Segments weighted by their samples (IPS and IPS@150 %: Z. Li et al., InterFusion, KDD 2021), and all alike. */
  readonly byLength: number;
  readonly bySegment: number;
}

export function interpretationScore(all: readonly Ranked[], cut: number): InterpretationScore {
  const samples = all.reduce((sum, one) => sum + one.samples, 0);
  return {
    byLength: all.reduce((sum, one) => sum + (one.samples / samples) * hitRate(one, cut), 0),
    bySegment: all.reduce((sum, one) => sum + hitRate(one, cut) / all.length, 0),
  };
}
