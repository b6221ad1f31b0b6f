/** Settings of the detector: the same for all metrics. Every number has its reason; none is fitted to one series. */
export interface DetectorSettings {
  /** Samples a block: what is rare is counted by blocks, so that one trouble of several samples counts once. */
  readonly blockSamples: number;
  /** From this score on a block is held open, for `heldBlocks` more and no longer than news lasts: one trouble of many samples counts as one maximum. */
  readonly holdFrom: number;
  readonly heldBlocks: number;
  /** After this time the older half of the extremes is forgotten. */
  readonly generationMs: number;
  /** From this score on (the negative decimal logarithm of the share of blocks that reach as far) something is news. */
  readonly newsFrom: number;
  /** For so long it is the same news, as long as it does not get rarer by `escalation` powers of ten. A day: then what lasts has become the usual level. */
  readonly newsLastsMs: number;
  readonly escalation: number;
}

const dayMs = 86_400_000;

export const defaultDetectorSettings: DetectorSettings = { blockSamples: 12, holdFrom: 1.5, heldBlocks: 24, generationMs: 28 * dayMs, newsFrom: 1.9, newsLastsMs: dayMs, escalation: 2 };
