import type { SymptomId } from './ids.ts';
import type { Facts, Given, Needs } from './source.ts';

/** One finding: what is wrong, on which object, and by how much. */
export interface Detection {
  /** `host`, `disk/sda`, `storage/tank`, `qemu/100`, … */
  readonly object: string;
  readonly value: number;
  /** The limit that `value` passed. */
  readonly limit: number;
  readonly unit: string;
  /** One sentence with the number and its unit. */
  readonly says: string;
}

export interface SymptomSpec<N extends Needs> {
  readonly id: SymptomId;
  readonly title: string;
  /** What a user sees, and how it is measured; for `culprit explain` and the documentation. */
  readonly about: string;
  /** Probability that a host shows it without any cause of this catalogue: by plain load, or an unknown cause. Default 0.1. */
  readonly leak?: number;
  readonly needs: N;
  /** Empty when all is well. */
  readonly detect: (facts: Facts<N>) => readonly Detection[];
  readonly examples: {
    readonly present: readonly { readonly name: string; readonly given: Given<N>; readonly objects?: readonly string[] }[];
    readonly absent: readonly { readonly name: string; readonly given: Given<N> }[];
  };
}

/** What is wrong as a user would say it. */
export interface Symptom {
  readonly id: SymptomId;
  readonly title: string;
  readonly about: string;
  readonly leak?: number;
  readonly needs: Needs;
  // oxlint-disable-next-line no-explicit-any -- the types of the needs are checked where the symptom is declared
  readonly detect: (facts: any) => readonly Detection[];
  readonly examples: {
    readonly present: readonly { name: string; given: Record<string, unknown>; objects?: readonly string[] }[];
    readonly absent: readonly { name: string; given: Record<string, unknown> }[];
  };
}

export function defineSymptom<N extends Needs>(spec: SymptomSpec<N>): Symptom {
  return spec as Symptom;
}
