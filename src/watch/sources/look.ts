import type { SampleBatch } from '../../define/sample.ts';

/** Why a source brought less than it should. Never an absence of trouble: what is not seen is not well. */
export interface SourceProblem {
  /** `exposition`, `prometheus`, `ssh-sampler`, `alertmanager-webhook`. */
  readonly source: string;
  /** The watched host by its name in the settings; undefined where it is of the source as a whole. */
  readonly host?: string;
  readonly reason: 'not-reachable' | 'too-slow' | 'turned-away' | 'not-found' | 'not-understood' | 'too-large' | 'cut-short' | 'left-out';
  /** One sentence; what another machine said in it is bounded and harmless. */
  readonly says: string;
}

/** What one look brought, and what was wrong with it. Both may be there at once. */
export interface Look {
  readonly batches: readonly SampleBatch[];
  readonly problems: readonly SourceProblem[];
}
