import { z } from 'zod';
import type { Channel, Notification } from '../define/notification.ts';
import { bounded, forTerminal } from '../lib/hostile-text.ts';
import { isoTime } from '../lib/zoned-time.ts';
import { post, type ChannelSurroundings } from './http.ts';
import { commonSettings, httpAddressSchema, tokenSchema } from './settings.ts';

/** `type: alertmanager`: every alarm as an alert of Prometheus' Alertmanager (API v2), which then tells whom it tells. */
export const alertmanagerSettingsSchema = z
  .strictObject({
    type: z.literal('alertmanager'),
    ...commonSettings,
    /** As a browser has it; `/api/v2/alerts` follows. */
    url: httpAddressSchema.refine((text) => new URL(text).search === '', 'without ?parameters'),
    bearerToken: tokenSchema.optional(),
    userName: z.string().regex(/^[^:\p{Cc}]{1,200}$/u).optional(),
    password: z.string().min(1).max(1_000).optional(),
    /**
     * An alert without an end is over for Alertmanager after its `resolve_timeout` of five minutes, unless it is sent again. So it gets an end this far ahead, which every further message about the incident
     * moves on, and its true end when it is over.
     */
    standsForHours: z.number().min(0.1).max(8_760).default(168),
    /** Labels for routes, such as `team`. They cannot replace those that tell alerts apart. */
    labels: z.record(z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]{0,60}$/), z.string().min(1).max(300)).default({}),
  })
  .refine(({ bearerToken, userName }) => bearerToken === undefined || userName === undefined, 'a token and a user name exclude each other')
  .refine(({ userName, password }) => (userName === undefined) === (password === undefined), 'a user name needs a password, and the other way round');
type Settings = z.infer<typeof alertmanagerSettingsSchema>;

interface Alert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly generatorURL?: string;
}

const label = (text: string): string => bounded(forTerminal(text), 300);
const note = (text: string): string => bounded(forTerminal(text, 'keep'), 2_000);

/** The alarms of a notification as alerts. What came from an Alertmanager is left out, or the two would feed each other. */
export function alertsOf(notification: Notification, { standsForHours, labels }: Pick<Settings, 'standsForHours' | 'labels'>, nowMs: number): Alert[] {
  const { kind, incidentId, subject, summary, url, severity } = notification;
  const base = (alertname: string, instance: string, object: string): Record<string, string> => ({
    ...labels,
    alertname: label(alertname),
    instance: label(instance),
    object: label(object),
    source: 'culprit',
    ...(incidentId !== undefined && { culprit_incident: label(incidentId) }),
  });
  const verdict = { culprit: note(subject.replace(/^\[Culprit\] /, '')), description: note(summary) };
  const generator = url !== undefined && /^https?:\/\//.test(url) ? { generatorURL: url } : {};
  if (kind === 'test') {
    return [{ labels: { ...base('culprit-test', 'culprit', 'host'), severity }, annotations: { summary: note(summary) }, startsAt: isoTime(nowMs), endsAt: isoTime(nowMs + 60_000), ...generator }];
  }
  return notification.alarms
    .filter(({ source }) => source !== 'alertmanager')
    .map((alarm) => ({
      labels: { ...base(alarm.kind, alarm.host, alarm.object), severity: alarm.severity },
      annotations: { summary: note(alarm.says), ...verdict },
      startsAt: isoTime(alarm.startedAtMs),
      endsAt: isoTime(alarm.resolvedAtMs === undefined ? nowMs + standsForHours * 3_600_000 : Math.max(alarm.resolvedAtMs, alarm.startedAtMs)),
      ...generator,
    }));
}

export function alertmanagerChannel(settings: Settings, { nowMs }: ChannelSurroundings): Channel {
  const { name, url, bearerToken, userName = '', password = '', timeoutSeconds } = settings;
  const basic = `Basic ${Buffer.from(`${userName}:${password}`, 'utf8').toString('base64')}`;
  const authorization = bearerToken === undefined ? basic : `Bearer ${bearerToken}`;
  const headers: Record<string, string> = bearerToken === undefined && userName === '' ? {} : { authorization };
  const secrets = [bearerToken ?? '', password, basic.slice('Basic '.length)].filter((secret) => secret !== '');
  return {
    name,
    deliver: async (notification, signal) => {
      const alerts = alertsOf(notification, settings, nowMs());
      if (alerts.length === 0) return { outcome: 'delivered', remark: 'nothing to send: all of its alarms came from an Alertmanager' };
      return post({ url: `${url.replace(/\/+$/, '')}/api/v2/alerts`, headers, body: JSON.stringify(alerts), signal, timeoutMs: timeoutSeconds * 1_000, secrets });
    },
  };
}
