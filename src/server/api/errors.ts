import { z } from 'zod';

/** What every answer that is no success looks like. */
export const errorAnswer = z.object({ error: z.string(), message: z.string() });
