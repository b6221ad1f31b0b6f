import type { Notification } from '../../define/notification.ts';
import { bounded } from '../../lib/hostile-text.ts';

const mostBytes = 1_000_000;
const most = { subject: 500, summary: 4_000, text: 200_000 } as const;

const sizeOf = (notification: Notification): number => Buffer.byteLength(JSON.stringify(notification), 'utf8');

/** As it is, as a rule; what is too large loses its picture first, then its HTML, then the end of its text. Alarms stay. */
export function boundedNotification(notification: Notification): Notification {
  if (sizeOf(notification) <= mostBytes) return notification;
  const { chartSvg: _chart, ...withoutChart } = notification;
  if (sizeOf(withoutChart) <= mostBytes) return withoutChart;
  const { html: _html, ...plain } = withoutChart;
  return { ...plain, subject: bounded(plain.subject, most.subject), summary: bounded(plain.summary, most.summary), text: bounded(plain.text, most.text) };
}

/**
 * Of several notifications of one incident that wait, the newest: it tells the whole. Its id is its own; alarms that only an earlier one names stay, and so does the highest severity. What was to be opened is
 * opened, unless it is over already.
 */
export function superseded(notifications: readonly Notification[]): Notification | undefined {
  const newest = notifications.at(-1);
  if (newest === undefined) return undefined;
  const alarms = new Map(notifications.flatMap((one) => one.alarms.map((alarm) => [alarm.id, alarm] as const)));
  const opens = notifications.some(({ kind }) => kind === 'opened') && newest.kind === 'changed';
  return {
    ...newest,
    kind: opens ? 'opened' : newest.kind,
    severity: notifications.some(({ severity }) => severity === 'critical') ? 'critical' : newest.severity,
    hosts: [...new Set(notifications.flatMap(({ hosts }) => hosts))],
    alarms: [...alarms.values()].sort((one, other) => one.startedAtMs - other.startedAtMs),
  };
}
