import { z } from 'zod';
import { severities } from './alarm.ts';

/** Why somebody is told. One incident is one thread: `opened` begins it, the others continue it. */
export const notificationKinds = ['opened', 'explained', 'changed', 'resolved', 'reopened', 'digest', 'test'] as const;
export type NotificationKind = (typeof notificationKinds)[number];

/** What all channels are given; each makes of it what its receiver can show. It holds no secret, and texts of hosts in it are hostile: escape where shown. */
export const notificationSchema = z.object({
  /** Unique; a receiver that sees it twice may drop the second. */
  id: z.string(),
  kind: z.enum(notificationKinds),
  /** Of the thread; without one for digests and tests. */
  incidentId: z.string().optional(),
  severity: z.enum(severities),
  atMs: z.number(),
  /** One line: the verdict where there is one. */
  subject: z.string(),
  /** One or two plain sentences, the most important first. */
  summary: z.string(),
  /** Plain text of the whole, as a mail shows it. */
  text: z.string(),
  /** The same as HTML, without anything to be loaded; `cid:chart` is the chart. */
  html: z.string().optional(),
  /** SVG of the course that raised the alarm, with its limits. */
  chartSvg: z.string().optional(),
  hosts: z.array(z.string()),
  alarms: z.array(
    z.object({
      id: z.string(),
      kind: z.string(),
      host: z.string(),
      object: z.string(),
      /** Who raised it: what came from an Alertmanager is not sent back to it. */
      source: z.enum(['culprit', 'alertmanager']).optional(),
      says: z.string(),
      severity: z.enum(severities),
      startedAtMs: z.number(),
      resolvedAtMs: z.number().optional(),
    }),
  ),
  /** Page of the incident, where the server has a public address. */
  url: z.string().optional(),
});
export type Notification = z.infer<typeof notificationSchema>;

/** How a delivery ended. `refused` is not tried again: the receiver will never take it. */
export type Delivery =
  | { readonly outcome: 'delivered'; /** What was not quite right: a recipient that the server did not take. */ readonly remark?: string }
  | { readonly outcome: 'failed' | 'refused'; readonly reason: string; /** The receiver's wish not to be asked again before. */ readonly retryAfterMs?: number };

/** One way to tell somebody, made from its settings. */
export interface Channel {
  /** As the settings name it. */
  readonly name: string;
  /** Delivers one notification, and gives up when the signal says so. Never throws for what the receiver does, and its reasons name no secret. */
  deliver(notification: Notification, signal: AbortSignal): Promise<Delivery>;
}
