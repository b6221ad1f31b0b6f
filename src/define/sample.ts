/** One measured value. Names, labels and units are those of Prometheus' node_exporter; a counter has its raw value. */
export interface Sample {
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Milliseconds since 1970, UTC. */
  readonly timeMs: number;
  readonly value: number;
  /** What the source says of its type, where it does (`# TYPE` of an exposition). Otherwise the name tells: `_total`, `_count`, `_sum` and `_bucket` are counters. */
  readonly isCounter?: boolean;
}

/** What one look at one target brought, kept or dropped as a whole. */
export interface SampleBatch {
  /** The watched host that it is of, by its name in the settings. */
  readonly host: string;
  /** When the look began. Samples without a time of their own have this one. */
  readonly timeMs: number;
  readonly samples: readonly Sample[];
  /**
   * Series of the same target that were there at the look before and are gone now: they end here and are not drawn on, as with Prometheus' staleness markers.
   */
  readonly ended: readonly Pick<Sample, 'metric' | 'labels'>[];
}

/**
 * Takes what sources bring. Resolves when the batch is taken in, which need not mean that it is on the disk. Rejects with SamplesRefused when the batch is not taken, as a whole.
 */
export type SampleSink = (batch: SampleBatch) => Promise<void>;
