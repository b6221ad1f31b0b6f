import { z } from 'zod';

/** When the trouble began, from whatever history there was. */
export const onsetSchema = z.object({
  /** It began within these times with `probability`. Milliseconds since 1970, UTC. */
  fromMs: z.number(),
  toMs: z.number(),
  probability: z.number(),
  /** What changed then, the most changed first, a sentence each. */
  says: z.array(z.string()),
});
export type Onset = z.infer<typeof onsetSchema>;
