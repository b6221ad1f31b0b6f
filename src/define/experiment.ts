import type { z } from 'zod';
import type { Subject } from './ids.ts';
import type { Outcome } from './result.ts';
import type { Facts, Needs, Source } from './source.ts';

/** What an experiment may do to the host; a hard limit that the user sets, never traded against information. */
export const riskClasses = ['read-only', 'writes-temporary', 'disturbs-guests'] as const;
export type RiskClass = (typeof riskClasses)[number];

/** What must not get worse while an experiment runs. */
export type AbortCondition =
  | {
      /** Tasks waited for it, in percent of the last ten seconds (PSI). Ends the experiment where it is above the limit and well above what it was at the start. */
      readonly metric: 'io-pressure' | 'memory-pressure' | 'cpu-pressure';
      readonly limitPercent: number;
    }
  | {
      /** Of the file system of a path. */
      readonly metric: 'free-space';
      readonly path: string;
      readonly leastBytes: number;
    };

export interface ExperimentSpec<N extends Needs, T> {
  readonly id: string;
  readonly title: string;
  readonly subject: Subject;
  /** What it tells apart, in one sentence. */
  readonly about: string;
  readonly needs: N;
  readonly risk: RiskClass;
  readonly costSeconds: number;
  readonly costBytes: number;
  /** Every variable that differs between its two sides. More than one: it convicts none of them alone. */
  readonly differs: readonly string[];
  /** Why it must not run here now; empty when it may. */
  readonly refusals: (facts: Facts<N>) => readonly string[];
  /** POSIX sh that measures and prints. It limits itself in time, and cleans up on exit, hang-up and timeout. */
  readonly sh: (facts: Facts<N>) => string;
  /** Conditions on the host's state, sampled while it runs, that end it early. */
  readonly abortWhen: (facts: Facts<N>) => readonly AbortCondition[];
  /** POSIX sh that removes whatever `sh` may have left behind. It may run twice, and runs also when the connection broke. */
  readonly cleanUp: string;
  readonly schema: z.ZodType<T>;
  /** Pure, and total like a probe's: what it cannot understand is `unparsable(…)`. */
  readonly parse: (stdout: string) => Outcome<T>;
  /** The finitely many ways it can end; hypotheses give each its likelihoods. */
  readonly outcomes: readonly string[];
  readonly classify: (measured: T) => string;
  readonly examples: readonly { readonly name: string; readonly stdout: string; readonly outcome: string }[];
}

/** A bounded, reversible, controlled comparison. Its value as a source is what it measured. */
export interface Experiment<T = unknown> extends Source<T> {
  readonly kind: 'experiment';
  // oxlint-disable-next-line no-explicit-any -- the types of the needs are checked where the experiment is declared
  readonly spec: ExperimentSpec<any, T>;
}

export function defineExperiment<N extends Needs, T>(spec: ExperimentSpec<N, T>): Experiment<T> {
  return { kind: 'experiment', vantage: 'host', id: spec.id, title: spec.title, schema: spec.schema, spec };
}
