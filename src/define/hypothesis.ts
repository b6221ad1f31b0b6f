import type { Component } from './change.ts';
import type { Experiment, Finding } from './experiment.ts';
import type { Subject, SymptomId } from './ids.ts';
import type { MitigationUnit } from './mitigation.ts';
import type { Facts, Given, Needs } from './source.ts';

/** How probable one outcome is when the cause is at work, and when it is not. Both within (0, 1). */
export interface Likelihood {
  readonly ifCause: number;
  readonly otherwise: number;
}

/** One thing that a cause can befall. Hypotheses may add fields of their own to it. */
export interface ObjectRef {
  /** `host`, `disk/sda`, `storage/tank`, `qemu/100`, `lxc/101`, `nic/eth0`, `filesystem//var`, … */
  readonly object: string;
}

type Text<N extends Needs, O extends ObjectRef> = string | ((facts: Facts<N>, object: O) => string);

/** A yes-or-no piece of evidence. `says` is shown when it holds, `saysNot` when it does not (else the term stays silent). */
export interface Sign<N extends Needs, O extends ObjectRef> {
  readonly when: (facts: Facts<N>, object: O) => boolean;
  readonly likelihood: Likelihood;
  readonly says: Text<N, O>;
  readonly saysNot?: Text<N, O>;
  /** Holding, it is enough to identify the cause. */
  readonly decisive?: boolean;
  /** The raw words or numbers that show it. */
  readonly excerpt?: (facts: Facts<N>, object: O) => string;
  /** Evidence of one group says the same thing in several ways; it is damped together. Default: the sources that it read. */
  readonly group?: string;
}

/** A piece of evidence with several outcomes, one of which is observed. */
export interface Outcomes<N extends Needs, O extends ObjectRef> {
  readonly outcome: (facts: Facts<N>, object: O) => string;
  readonly table: Readonly<
    Record<
      string,
      Likelihood & {
        readonly says: Text<N, O>;
        readonly decisive?: boolean;
        /** A cause that acts in several ways brings other symptoms by each: what it brings by this one, instead of what it brings in general. */
        readonly explains?: Hypothesis['explains'];
      }
    >
  >;
  readonly excerpt?: (facts: Facts<N>, object: O) => string;
  readonly group?: string;
}

/** What an experiment says for and against the cause, where it was run. An experiment that was not run is no missing evidence. */
export interface Tested<N extends Needs, O extends ObjectRef> {
  readonly experiment: Experiment;
  /** The objects of the experiment that tell of this object; default: the same, and `host`. */
  readonly about?: (facts: Facts<N>, object: O) => readonly string[];
  /** For the experiment's outcomes. The words are the experiment's own. */
  readonly table: Readonly<Record<string, Likelihood & { readonly decisive?: boolean }>>;
}

export interface HypothesisExample<N extends Needs> {
  readonly name: string;
  readonly given: Given<N>;
  /** What experiments found, where some were run. */
  readonly found?: readonly { readonly experiment: Experiment; readonly findings: readonly Finding[] }[];
  /** The object that the expectation is about; default: any. */
  readonly object?: string;
  /** Symptoms that are seen; default: all that the hypothesis explains for a supporting example, and the same for a refuting one. */
  readonly symptoms?: readonly SymptomId[];
  /** What must come out. Defaults: `suspected` or better for supporting, anything but a cause for refuting. */
  readonly expect?: 'identified' | 'suspected' | 'ruled-out' | 'not-a-cause' | 'cannot-tell';
}

export interface HypothesisSpec<N extends Needs, O extends ObjectRef> {
  /** Noun in kebab-case; the same id in mails, command line, JSON and documentation. */
  readonly id: string;
  readonly subject: Subject;
  readonly title: string;
  /** The cause, the way it shows, and how to be sure, in some sentences of Markdown for `culprit explain` and the documentation. */
  readonly about: string;
  /** A cause ends a chain. A mechanism is a link in it and leads only when no cause explains the symptoms. */
  readonly role?: 'cause' | 'mechanism';
  /** How it has been shown to work. What is only backed by `examples` is at most suspected. */
  readonly proven: 'lab' | 'case' | 'documentation' | 'examples';
  readonly needs: N;
  /** The things that it is weighed for, one by one. Without it: the host as a whole. */
  readonly objects?: (facts: Facts<N>) => readonly O[];
  /** Why it is ruled out when `objects` is empty: "this host has no ZFS pool". */
  readonly noObjects?: string;
  /** Probability that a troubled host has it, before any evidence, for one object. */
  readonly prior: number;
  /** Probability that it brings each symptom. */
  readonly explains: Partial<Readonly<Record<SymptomId, number>>>;
  /** Those of them that it brings to other things of its kind as well: a guest that takes all slows the other guests. */
  readonly explainsAcross?: readonly SymptomId[];
  readonly evidence: readonly (Sign<N, O> | Outcomes<N, O>)[];
  readonly tested?: readonly Tested<N, O>[];
  /** Any of these holding rules the cause out. A count of zero rules out only where a live sensor counts. */
  readonly ruledOut?: readonly { readonly when: (facts: Facts<N>, object: O) => boolean; readonly says: Text<N, O> }[];
  /** Changes of these can bring it: one that came shortly before the trouble raises it. Without it no change is suspected of it. */
  readonly broughtBy?: readonly Component[];
  /** What would decide it that this version cannot read yet (a history, an experiment, a look from outside). Said under "cannot tell". */
  readonly settledBy?: string;
  /** Ids of mechanisms that it sets off, nearest first: "disk-slow → zfs-txg-stalled". */
  readonly mechanisms?: readonly string[];
  readonly urgency: 'now' | 'today' | 'window' | 'none';
  readonly dataAtRisk?: boolean;
  /** What eases it at once without harm, as sentences. */
  readonly containment?: readonly string[];
  /** What would make it worse: "do not reboot: the pool's key needs the console". */
  readonly doNot?: readonly string[];
  readonly mitigations: readonly MitigationUnit[];
  readonly references: readonly string[];
  readonly examples: {
    readonly supporting: readonly HypothesisExample<N>[];
    readonly refuting: readonly HypothesisExample<N>[];
  };
}

/** One possible cause. */
// oxlint-disable-next-line no-explicit-any -- the types of needs and objects are checked where the hypothesis is declared
export type Hypothesis = HypothesisSpec<any, any>;

export function defineHypothesis<N extends Needs, O extends ObjectRef = ObjectRef>(spec: HypothesisSpec<N, O>): Hypothesis {
  return spec as Hypothesis;
}
