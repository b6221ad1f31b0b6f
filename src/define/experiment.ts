import { z } from 'zod';
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
      /** What reads and writes of the slowest disk take on average, in a window of some seconds. Ends the experiment where it is above the limit and three times what it was at the start. */
      readonly metric: 'disk-latency';
      readonly limitMs: number;
    }
  | {
      /** Of the file system of a path. */
      readonly metric: 'free-space';
      readonly path: string;
      readonly leastBytes: number;
    };

/** What an experiment found about one thing. */
export const findingSchema = z.object({
  /** As in hypotheses: `host`, `disk/…`, `storage/tank`. */
  object: z.string(),
  /** One of the experiment's outcomes. */
  outcome: z.string(),
  /** What was measured, as a sentence with its figures. */
  says: z.string(),
});
export type Finding = z.infer<typeof findingSchema>;
export const findingsSchema = z.object({ findings: z.array(findingSchema) });
export type Findings = z.infer<typeof findingsSchema>;

/** Every experiment can end like this: what was measured spreads too much to tell. It is no evidence. */
export const tooNoisy = 'too noisy to tell';

export interface ExperimentSpec<N extends Needs> {
  readonly id: string;
  readonly title: string;
  readonly subject: Subject;
  /** What it does and what it tells apart, in some sentences of Markdown. */
  readonly about: string;
  readonly needs: N;
  readonly risk: RiskClass;
  /** How long it takes, about, and what it writes at most. */
  readonly costSeconds: number;
  readonly costBytes: number;
  /** After so many seconds it is ended. */
  readonly limitSeconds: number;
  /** Every variable that differs between its two sides. More than one: it convicts none of them alone. */
  readonly differs: readonly string[];
  /** What must be sound for a finding of this experiment to mean what it says. Run where it convicts something, before that is believed. */
  readonly controls?: readonly Experiment[];
  /** Objects that it would look at here; none: there is nothing to try. */
  readonly objects: (facts: Facts<N>) => readonly string[];
  /** Why it must not run here now; empty when it may. */
  readonly refusals: (facts: Facts<N>) => readonly string[];
  /** POSIX sh that measures and prints; `$experiment_mark` marks temporary objects, `$TMP` is a folder in memory. */
  readonly sh: (facts: Facts<N>) => string;
  readonly abortWhen: (facts: Facts<N>) => readonly AbortCondition[];
  /**
   * POSIX sh that removes whatever `sh` may have left behind, and prints what it could not remove, as commands. It runs again until it prints nothing, also when
   * the connection broke, at any moment of `sh`.
   */
  readonly cleanUp: (facts: Facts<N>) => string;
  /** What stays to be seen on the host of something temporary that it made and removed, as a sentence. */
  readonly trace?: string;
  /** Pure, and total like a probe's: what it cannot understand is `unparsable(…)`. */
  readonly parse: (stdout: string) => Outcome<Findings>;
  /** The ways it can end besides `too noisy to tell`, each with its share on hosts where nothing is wrong with what it looks at. Adds up to 1. */
  readonly outcomes: Readonly<Record<string, number>>;
  readonly examples: readonly { readonly name: string; readonly from: 'recorded' | 'documented'; readonly stdout: string; readonly findings: readonly Pick<Finding, 'object' | 'outcome'>[] | 'unparsable' | 'absent' }[];
}

/** A bounded, reversible, controlled comparison. Its value as a source is what it found. */
export interface Experiment extends Source<Findings> {
  readonly kind: 'experiment';
  // oxlint-disable-next-line no-explicit-any -- the types of the needs are checked where the experiment is declared
  readonly spec: ExperimentSpec<any>;
}

export function defineExperiment<N extends Needs>(spec: ExperimentSpec<N>): Experiment {
  return { kind: 'experiment', vantage: 'host', id: spec.id, title: spec.title, schema: findingsSchema, spec };
}
