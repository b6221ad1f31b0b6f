import { z } from 'zod';

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

export function defineMitigation(spec: Mitigation): Mitigation {
  return spec;
}
