import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { severities } from '../define/alarm.ts';
import { notificationKinds, type Channel, type Notification } from '../define/notification.ts';
import { isoTime } from '../lib/zoned-time.ts';
import { post, secretsInAddress, type ChannelSurroundings } from './http.ts';
import { commonSettings, httpAddressSchema } from './settings.ts';

/** `type: webhook`: JSON to an address of your own, signed. */
export const webhookSettingsSchema = z.strictObject({
  type: z.literal('webhook'),
  ...commonSettings,
  url: httpAddressSchema,
  /** What the signature is made with; the receiver knows it too. */
  secret: z.string().min(16).max(1_000),
  /** Sent along, such as `Authorization`. Their values are treated as secrets. */
  headers: z.record(z.string().regex(/^(?!(?:host|content-length|content-type|transfer-encoding|connection|culprit-.*)$)[A-Za-z0-9-]{1,60}$/i), z.string().regex(/^[\x20-\x7e]{0,4096}$/)).default({}),
});

const time = z.iso.datetime();

/** Body of a webhook, version 1. Fields may be added; those that are there keep their meaning. Texts of hosts in it are hostile: escape where shown. */
export const webhookBodySchema = z.object({
  version: z.literal(1),
  /** The same for every attempt: drop what was seen already. */
  id: z.string(),
  kind: z.enum(notificationKinds),
  incidentId: z.string().optional(),
  severity: z.enum(severities),
  at: time,
  subject: z.string(),
  summary: z.string(),
  text: z.string(),
  hosts: z.array(z.string()),
  alarms: z.array(
    z.object({ id: z.string(), kind: z.string(), host: z.string(), object: z.string(), says: z.string(), severity: z.enum(severities), startedAt: time, resolvedAt: time.optional() }),
  ),
  url: z.string().optional(),
});
export type WebhookBody = z.infer<typeof webhookBodySchema>;

export function webhookBody({ id, kind, incidentId, severity, atMs, subject, summary, text, hosts, alarms, url }: Notification): WebhookBody {
  return {
    version: 1,
    id,
    kind,
    ...(incidentId !== undefined && { incidentId }),
    severity,
    at: isoTime(atMs),
    subject,
    summary,
    text,
    hosts,
    alarms: alarms.map(({ id, kind, host, object, says, severity, startedAtMs, resolvedAtMs }) => ({ id, kind, host, object, says, severity, startedAt: isoTime(startedAtMs), ...(resolvedAtMs !== undefined && { resolvedAt: isoTime(resolvedAtMs) }) })),
    ...(url !== undefined && { url }),
  };
}

/** JSON Schema (draft 2020-12) of the body, for receivers. It lets further fields pass. */
export function webhookJsonSchema(): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(webhookBodySchema, { target: 'draft-2020-12', io: 'input' });
  return { $schema, $id: 'urn:culprit:webhook:1', title: 'Body of a Culprit webhook, version 1', ...schema };
}

const signed = (atSeconds: number, body: string, secret: string): string => createHmac('sha256', secret).update(`${atSeconds}.${body}`).digest('hex');

/**
 * Value of the header `Culprit-Signature`: `t=<seconds since 1970>,v1=<hexadecimal HMAC-SHA-256 (RFC 2104) of "<t>.<body>" with the shared secret>`. The time is that of the attempt, so that a
 * receiver can turn away what is old and may have been recorded.
 */
export function webhookSignature(atMs: number, body: string, secret: string): string {
  const atSeconds = Math.floor(atMs / 1_000);
  return `t=${atSeconds},v1=${signed(atSeconds, body, secret)}`;
}

/** What a receiver does: whether a body is from who knows the secret, and not older than `mostSeconds`. */
export function webhookSignatureHolds(header: string, body: string, secret: string, nowMs: number, mostSeconds = 300): boolean {
  const [, atSeconds, mac] = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(header) ?? [];
  if (atSeconds === undefined || mac === undefined || Math.abs(nowMs / 1_000 - Number(atSeconds)) > mostSeconds) return false;
  return timingSafeEqual(Buffer.from(mac, 'hex'), Buffer.from(signed(Number(atSeconds), body, secret), 'hex'));
}

export function webhookChannel({ name, url, secret, headers, timeoutSeconds }: z.infer<typeof webhookSettingsSchema>, { nowMs }: ChannelSurroundings): Channel {
  const values = Object.values(headers);
  const secrets = [secret, ...values, ...values.flatMap((value) => value.split(' ')), ...secretsInAddress(url)].filter((text) => text.length >= 6);
  return {
    name,
    deliver: (notification, signal) => {
      const body = JSON.stringify(webhookBody(notification));
      const ours = { 'culprit-event': notification.kind, 'culprit-delivery': notification.id.replace(/[^\x21-\x7e]/g, '_'), 'culprit-signature': webhookSignature(nowMs(), body, secret) };
      return post({ url, headers: { ...headers, ...ours }, body, signal, timeoutMs: timeoutSeconds * 1_000, secrets });
    },
  };
}
