import { z } from 'zod';

export const severities = ['warning', 'critical'] as const;
export type Severity = (typeof severities)[number];

/** Something that is not as it should be, on one object of one host, from its beginning to its end. */
export const alarmSchema = z.object({
  id: z.string(),
  /** The id of one of our kinds of alarm, or the name that another alarm system gave it. */
  kind: z.string(),
  /** The watched host by its name in the settings. */
  host: z.string(),
  /** `host`, `disk/<stable id>`, `storage/tank`, `qemu/100`, `filesystem//var`, `nic/eth0`. */
  object: z.string(),
  severity: z.enum(severities),
  source: z.enum(['culprit', 'alertmanager']),
  /** When the trouble began: the first sample beyond the limit, or what the other system says. */
  startedAtMs: z.number(),
  /** When the alarm was raised: later by the time that it had to last. */
  raisedAtMs: z.number(),
  resolvedAtMs: z.number().optional(),
  value: z.number().optional(),
  limit: z.number().optional(),
  unit: z.string().optional(),
  /** One sentence with the number and its unit. */
  says: z.string(),
  /** As another system gave them; may hold anything. */
  labels: z.record(z.string(), z.string()),
});
export type Alarm = z.infer<typeof alarmSchema>;

/** The same thing on the same object of the same host, whenever: two alarms of one identity never stand at once. */
export function alarmIdentity({ kind, host, object, source }: Pick<Alarm, 'kind' | 'host' | 'object' | 'source'>): string {
  return JSON.stringify([source, host, kind, object]);
}
