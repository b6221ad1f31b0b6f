import { z } from 'zod';
import { subjects } from './ids.ts';
import { failureReasons } from './result.ts';
import type { Source } from './source.ts';

/**
 * What sort of thing differs: something that hardware or software can do (`capability`), a part of the machine (`hardware`), a state that
 * says how well something is (`health`), a choice of the administrator's (`setting`), a `version`, a `guest`, or a time or rate that was `measured`.
 */
export const differenceKinds = ['capability', 'hardware', 'health', 'setting', 'version', 'guest', 'measured', 'other'] as const;
export type DifferenceKind = (typeof differenceKinds)[number];

export const suspicions = ['high', 'medium', 'low'] as const;
export type Suspicion = (typeof suspicions)[number];

/** From which weight on a difference is suspicious, and very suspicious. What lies below matters the least and is shown on request. */
export const suspiciousFrom = { high: 70, medium: 30 } as const;

export function suspicionOf(weight: number): Suspicion {
  return weight >= suspiciousFrom.high ? 'high' : weight >= suspiciousFrom.medium ? 'medium' : 'low';
}

/** How suspicious it is that something is there no more or has become less, that it is new or has become more, and that it is another. */
export interface Weights {
  readonly lost: number;
  readonly gained: number;
  readonly changed: number;
}

/** What matters about one value of a source when two states of a host are compared. The first rule that matches a path counts. */
export interface ComparisonRule {
  // oxlint-disable-next-line no-explicit-any -- sources of any value
  readonly source: Source<any>;
  /**
   * Where in the value: names of properties and keys of list elements, from the top down, joined by `/`; `*` stands for any one of them and
   * may end a word; a slash within a key is written `%`. Empty: the whole value. An element of a list has the key that its `object`, `name`, `device` or the like gives.
   */
  readonly path: string;
  /** `ignored`: neither this nor anything within it is compared. */
  readonly kind: DifferenceKind | 'ignored';
  /** 0 to 100; one number for all directions. 0: what lies within is compared by its own rules, but this itself never differs. */
  readonly weight: number | Weights;
  /** How it is called at the beginning of a sentence; `{1}` is what stood at the first star, `{1:words}` the same as words where it is a property. */
  readonly name: string;
  /** Sentences instead of the usual ones, with `{items}` for what a list lost or gained. */
  readonly lost?: string;
  readonly gained?: string;
  /** Where an administrator finds it, such as a file or an option. */
  readonly label?: string;
  /** A list of objects is compared as the set of these properties of each. */
  readonly setOf?: readonly string[];
  /** Members that begin so are left out of a set. */
  readonly without?: readonly string[];
  /** A number differs when it does so by more than `ratio` and by at least `atLeast`, in the direction that matters if only one does. */
  readonly noise?: { readonly ratio: number; readonly atLeast: number; readonly unit?: string; readonly only?: 'more' | 'less' };
  /** Values that are as it should be: from one of them to another value counts as lost, to one of them as gained. */
  readonly best?: readonly string[];
  /** A neighbour of the number that says how many events it is the mean of, and how many are enough. */
  readonly enough?: { readonly of: string; readonly atLeast: number };
  /** Properties of an element that say what it is, in the sentence that it is gone or new. */
  readonly shows?: readonly string[];
  /** The keys of this list are names or paths of disks, which may change from boot to boot: each disk is followed by its stable name. */
  readonly ofDisks?: true;
  /** Belongs to the one machine: between two machines it differs by nature. */
  readonly ofTheMachine?: true;
}

/** What the comparing engine is handed. */
export interface ComparisonKnowledge {
  readonly rules: readonly ComparisonRule[];
  /** Gives the stable name of each disk by its kernel name. */
  readonly disks: Source<{ readonly disks: readonly { readonly name: string; readonly stableId: string }[] }>;
  /** The source in which a case carries what differed from the baseline of its host. */
  readonly fromBaseline: Source<BaselineDifferences>;
}

const textSchema = z.string().max(1_000);

export const differenceSchema = z.object({
  kind: z.enum(differenceKinds),
  suspicion: z.enum(suspicions),
  /** 0 to 100: the order. */
  weight: z.number().min(0).max(100),
  subject: z.enum(subjects),
  /** One sentence. What it names of the host is hostile: escape where shown. */
  text: textSchema,
  source: z.object({ kind: z.enum(['probe', 'fact']), id: z.string() }),
  /** Names of properties and keys of list elements, from the top of the source's value down. */
  path: z.array(textSchema),
  /** Left out where there was, or is, nothing. */
  before: textSchema.optional(),
  after: textSchema.optional(),
  /** After through before, of what was measured. */
  ratio: z.number().optional(),
});
export type Difference = z.infer<typeof differenceSchema>;

const sideSchema = z.object({
  /** The case's path, or the host as it was named on the command line. */
  name: z.string(),
  startedAt: z.iso.datetime(),
  hostname: z.string().optional(),
  complete: z.boolean(),
});

/** The result of `culprit compare`, as `--json` prints it. */
export const comparisonSchema = z.object({
  schemaVersion: z.literal(1),
  culpritVersion: z.string(),
  before: sideSchema,
  after: sideSchema,
  /** Whether both are of one host, by its name; `null` where a name is missing. */
  sameHost: z.boolean().nullable(),
  /** The most suspicious first. */
  differences: z.array(differenceSchema),
  /** How many of the least suspicion were left out; `--all` shows them. */
  leftOut: z.number().int().nonnegative(),
  /** What only one of the two tells: why the other one does not. */
  notCompared: z.array(z.object({ source: z.string(), title: z.string(), missingIn: z.enum(['before', 'after']), reason: z.enum(failureReasons), detail: z.string() })),
});
export type Comparison = z.infer<typeof comparisonSchema>;

/** At most so many differences from the baseline are told in a report. */
export const maxBaselineDifferences = 10;

/** What differs from the stored baseline of a host, as its case and its report carry it. */
export const baselineDifferencesSchema = z.object({
  /** When the baseline was collected. */
  takenAt: z.iso.datetime(),
  /** False when the baseline is of a host with another name. */
  sameHost: z.boolean().nullable(),
  /** The most suspicious first; none that hardly matters. */
  differences: z.array(differenceSchema).max(maxBaselineDifferences),
  /** How many more are suspicious. */
  further: z.number().int().nonnegative(),
});
export type BaselineDifferences = z.infer<typeof baselineDifferencesSchema>;
