import { z } from 'zod';
import type { Facts, Needs } from './source.ts';

/** A way out. Culprit prints it and never runs it. */
export const mitigationSchema = z.object({
  id: z.string(),
  title: z.string(),
  /** What could go wrong, in one sentence; `risk` is its class. */
  risk: z.enum(['none', 'low', 'medium', 'high']),
  riskSays: z.string(),
  /** What must hold before, such as "a verified backup exists". */
  preconditions: z.array(z.string()),
  /** Argument vectors. A word in angle brackets (`<pool>`) is for the user to fill in. */
  commands: z.array(z.array(z.string())),
  /** How to see that it worked. */
  verify: z.string(),
  undo: z.string(),
});

export type Mitigation = z.infer<typeof mitigationSchema>;

/** A way out that says more where the host is known: what `here` gives takes the place of the same fields. */
export interface MitigationUnit extends Mitigation {
  readonly needs?: Needs;
  // oxlint-disable-next-line no-explicit-any -- the types of the needs are checked where the mitigation is declared
  readonly here?: (facts: Facts<any>) => Partial<Omit<Mitigation, 'id' | 'risk'>>;
}

export function defineMitigation<N extends Needs>(spec: Mitigation & { readonly needs?: N; readonly here?: (facts: Facts<N>) => Partial<Omit<Mitigation, 'id' | 'risk'>> }): MitigationUnit {
  return spec;
}
