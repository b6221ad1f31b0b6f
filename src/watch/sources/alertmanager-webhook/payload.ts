import { z } from 'zod';
import { bounded, forTerminal } from '../../../lib/hostile-text.ts';

/** Alerts of one notification that are taken in. Alertmanager itself sends all of a group. */
export const maxAlerts = 5_000;
const maxLabels = 100;

/** Labels and annotations as they may be anything: bounded in number and length, without what a terminal obeys. */
const textsSchema = z.record(z.string(), z.string()).transform((texts) =>
  Object.fromEntries(
    Object.entries(texts)
      .slice(0, maxLabels)
      .map(([name, value]) => [bounded(forTerminal(bounded(name, 400)), 200), bounded(forTerminal(bounded(value, 4_000)).trim(), 1_000)]),
  ),
);

const alertSchema = z.object({
  status: z.enum(['firing', 'resolved']),
  labels: textsSchema,
  annotations: textsSchema.default({}),
  startsAt: z.string().max(64),
  endsAt: z.string().max(64).default(''),
  fingerprint: z.string().regex(/^[0-9a-f]{1,64}$/i),
});
export type WebhookAlert = z.infer<typeof alertSchema>;

const envelopeSchema = z.object({
  version: z.literal('4'),
  status: z.enum(['firing', 'resolved']),
  receiver: z.string().max(1_000).default(''),
  groupKey: z.string().max(100_000).default(''),
  truncatedAlerts: z.number().int().min(0).default(0),
  alerts: z.array(z.unknown()),
});

export interface WebhookPayload {
  readonly receiver: string;
  readonly alerts: readonly WebhookAlert[];
  /** Alerts that Alertmanager left out (`max_alerts`), that are beyond our bound, or that are not of the form. */
  readonly truncated: number;
  readonly beyondBound: number;
  readonly malformed: number;
}

/** The body of a webhook of Alertmanager, version 4 (Alertmanager, "Configuration", `webhook_config`). A string says what is wrong with it. One bad alert does not lose the others. */
export function readPayload(body: string): WebhookPayload | string {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return 'it is no JSON';
  }
  const envelope = envelopeSchema.safeParse(json);
  if (!envelope.success) return `it is no notification of Alertmanager, version 4 (${envelope.error.issues[0]?.path.join('.') || 'the whole'}: ${bounded(forTerminal(envelope.error.issues[0]?.message ?? ''), 120)})`;
  const { receiver, truncatedAlerts, alerts } = envelope.data;
  const taken = alerts.slice(0, maxAlerts).map((alert) => alertSchema.safeParse(alert));
  return {
    receiver: bounded(forTerminal(receiver), 200),
    alerts: taken.flatMap((alert) => (alert.success ? [alert.data] : [])),
    truncated: truncatedAlerts,
    beyondBound: Math.max(0, alerts.length - maxAlerts),
    malformed: taken.filter(({ success }) => !success).length,
  };
}
