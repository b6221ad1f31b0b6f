import { z } from 'zod';

/**
 * For a while nobody is to be told of certain alarms: a `silence` of what is known already, or `maintenance` of hosts. All goes on being watched, joined and
 * investigated; only messages wait, and that it is over is always told where the beginning was.
 */
export const suppressionSchema = z
  .object({
    id: z.string().min(1).max(100),
    kind: z.enum(['silence', 'maintenance']),
    /** Watched hosts; their guests that are watched too are covered with them. Empty: all hosts. */
    hosts: z.array(z.string().max(300)).max(1_000),
    /** Kinds of alarm. Empty: all kinds. */
    alarmKinds: z.array(z.string().max(300)).max(1_000),
    /** Objects on those hosts. Empty: all objects. */
    objects: z.array(z.string().max(300)).max(1_000),
    reason: z.string().min(1).max(2_000),
    startsAtMs: z.number(),
    endsAtMs: z.number(),
    createdBy: z.string().max(300),
  })
  .refine(({ startsAtMs, endsAtMs }) => endsAtMs > startsAtMs, 'it has to end after it starts')
  .refine(({ hosts, alarmKinds, objects }) => hosts.length + alarmKinds.length + objects.length > 0, 'name at least one host, kind of alarm or object');
export type Suppression = z.infer<typeof suppressionSchema>;
