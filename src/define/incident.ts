import { z } from 'zod';
import { severities } from './alarm.ts';

/**
 * `open`: alarms stand. `investigating`: Culprit looks. `explained`: it named a cause. `mitigated`: a person says that it is dealt with while alarms still stand.
 * `resolved`: no alarm stands any more. `reopened`: one of its alarms, or one that belongs to it, came back soon after.
 */
export const incidentStates = ['open', 'investigating', 'explained', 'mitigated', 'resolved', 'reopened'] as const;
export type IncidentState = (typeof incidentStates)[number];

/** What an investigation said, in short; the whole is in the saved case. */
export const explanationSchema = z.object({
  atMs: z.number(),
  host: z.string(),
  status: z.enum(['healthy', 'identified', 'suspected', 'inconclusive', 'unreachable']),
  /** One sentence. */
  summary: z.string(),
  causes: z.array(z.object({ id: z.string(), title: z.string(), probability: z.number(), objects: z.array(z.string()) })),
  /** Name of the saved case in the folder of cases. */
  caseName: z.string(),
});
export type Explanation = z.infer<typeof explanationSchema>;

/** One trouble, whatever number of alarms it raised. */
export const incidentSchema = z.object({
  id: z.string(),
  state: z.enum(incidentStates),
  title: z.string(),
  severity: z.enum(severities),
  /** When the first of its alarms began, which may be before any of them was raised. */
  startedAtMs: z.number(),
  openedAtMs: z.number(),
  updatedAtMs: z.number(),
  resolvedAtMs: z.number().optional(),
  hosts: z.array(z.string()),
  /** Ids of its alarms in the order of their beginnings. None is ever taken out. */
  alarmIds: z.array(z.string()),
  /** The newest last. */
  explanations: z.array(explanationSchema),
  /** The older incident in which this one goes on, since both were one trouble. It keeps its own alarms as a record; the older one has them too. */
  mergedInto: z.string().optional(),
});
export type Incident = z.infer<typeof incidentSchema>;
