import type { Severity } from './alarm.ts';
import type { Subject, SymptomId } from './ids.ts';
import type { Series } from './series.ts';

/** What a kind of alarm may look at: the last minutes of one host. */
export interface SampleView {
  readonly nowMs: number;
  /** Series of a metric with at least one sample within the last `seconds`; counters raw. */
  readonly series: (metric: string, seconds: number) => readonly Series[];
}

/** How it stands with one object now. */
export interface AlarmReading {
  readonly object: string;
  readonly value: number;
  /** What the field holds for too much on this object, where that differs from object to object (a load of as many as there are CPUs). */
  readonly fixedLimit?: number;
  /** A value that is no trouble by itself for a reason that the kind knows: shown beside it, and no alarm. */
  readonly excused?: string;
}

/** A measure in PromQL over what node_exporter and its kin show: for rules and dashboards. */
export interface PromqlMeasure {
  /** One series for each `instance` and object; `$window` is the time that rates are taken over. */
  readonly value: string;
  /** Labels besides `instance` that tell objects apart. Without any, the object is the host. */
  readonly objectLabels?: readonly string[];
  /** What stands before the labels in the name of an object: `disk/`. */
  readonly objectPrefix?: string;
  /** The fixed limit of each series, with the same labels, where it differs from object to object. */
  readonly fixedLimit?: string;
}

/** A kind of alarm: what is watched, how it is measured, and what is too much. */
export interface AlarmKind {
  readonly id: string;
  readonly subject: Subject;
  readonly title: string;
  /** What a user sees, how it is measured, and where the fixed limit comes from. */
  readonly about: string;
  readonly unit: string;
  /** Decimals of the value in sentences. Default 0. */
  readonly decimals?: number;
  /** The symptom that an investigation begins with. */
  readonly symptom?: SymptomId;
  readonly severity: Severity;
  /** Metrics that it reads: what a source need not bring for it is not asked for. */
  readonly metrics: readonly string[];
  /** How far back it looks, where that is more than ten minutes. */
  readonly looksBackSeconds?: number;
  readonly measure: (view: SampleView) => readonly AlarmReading[];
  /** The same measure in PromQL; undefined where it reads what only Culprit measures. */
  readonly promql?: PromqlMeasure;
  /** Which side of the limits is bad. */
  readonly bad: 'above' | 'below';
  /** What the field holds for too much, whatever is usual on a host. Undefined where only the usual counts. */
  readonly fixedLimit?: number;
  /** Whether a threshold is learned from what is usual on the host; it counts besides the fixed one: never an alarm below half of the fixed limit. */
  readonly learned: boolean;
  /** How long it has to last before it is raised, and for how long all has to be well before it is over. */
  readonly forSeconds: number;
  readonly clearSeconds: number;
  /** How the value reads in a sentence: `the processors waited for input and output`. */
  readonly says: (reading: AlarmReading) => string;
  readonly examples: {
    readonly raised: readonly AlarmExample[];
    readonly quiet: readonly AlarmExample[];
  };
}

export interface AlarmExample {
  readonly name: string;
  readonly series: readonly Series[];
  readonly nowMs: number;
  /** The readings that must come, in any order (subset of fields). */
  readonly expect: readonly Partial<AlarmReading>[];
}

export function defineAlarmKind(kind: AlarmKind): AlarmKind {
  return kind;
}
