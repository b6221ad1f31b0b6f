import type { z } from 'zod';
import type { Absent, Failed, Outcome } from './result.ts';
import type { Facts, Given, Needs, Source } from './source.ts';
import type { DeepPartial } from './probe.ts';

export interface FactSpec<N extends Needs, T> {
  readonly id: string;
  readonly title: string;
  readonly needs: N;
  readonly schema: z.ZodType<T>;
  /** Pure. Reading a need that is missing makes this fact missing for the same reason; wrap a need in `optional()` to do without. */
  readonly derive: (facts: Facts<N>) => Outcome<T>;
  readonly examples: readonly {
    readonly name: string;
    readonly given: Given<N>;
    readonly expect: DeepPartial<T> | Absent | Failed['reason'];
  }[];
}

/** A pure function of other sources: a rate, a topology, an attribution. */
export interface Fact<T = unknown> extends Source<T> {
  readonly kind: 'fact';
  readonly needs: Needs;
  // oxlint-disable-next-line no-explicit-any -- the types of the needs are checked where the fact is declared
  readonly derive: (facts: any) => Outcome<T>;
  readonly examples: readonly { name: string; given: Record<string, unknown>; expect: unknown }[];
}

export function defineFact<N extends Needs, T>(spec: FactSpec<N, T>): Fact<T> {
  return {
    kind: 'fact',
    vantage: 'host',
    id: spec.id,
    title: spec.title,
    needs: spec.needs,
    schema: spec.schema,
    derive: spec.derive,
    examples: spec.examples as Fact<T>['examples'],
  };
}
