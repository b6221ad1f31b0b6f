import { createHash } from 'node:crypto';
import type { Notification } from '../../define/notification.ts';
import { hanging, wrapped } from '../../lib/text-layout.ts';
import { zonedTime } from '../../lib/zoned-time.ts';
import { count } from '../../report/words.ts';
import { colours } from '../chat-text.ts';
import { hostsWords, line } from './headline.ts';
import { linesHtml } from './html.ts';

const width = 76;
/** The page names so many, the plain text all. */
const mostOnPage = 200;

interface Group {
  readonly title: string;
  readonly lines: readonly { readonly time: string; readonly text: string }[];
}

/** The newest of each incident counts; messages without one count each by itself. */
function newestOfEach(notifications: readonly Notification[]): Notification[] {
  return [...new Map(notifications.map((one) => [one.incidentId ?? `notification ${one.id}`, one])).values()];
}

/**
 * One message for many incidents at once: how many, the critical ones first, then in the order of time, a line each. Its id follows from what is in it. No alarm is left out of its list.
 */
export function digestOf(notifications: readonly Notification[], atMs: number, timeZone: string): Notification {
  const newest = newestOfEach(notifications);
  const alarms = [...new Map(notifications.flatMap((one) => one.alarms.map((alarm) => [alarm.id, alarm] as const))).values()].sort((one, other) => one.startedAtMs - other.startedAtMs);
  const hosts = [...new Set(notifications.flatMap((one) => one.hosts))];
  const groupOf = (title: string, members: readonly Notification[]): Group => ({ title, lines: members.map((one) => ({ time: zonedTime(one.atMs, timeZone), text: line(one.subject.replace(/^\[Culprit\] /, '')) })) });
  const over = newest.filter(({ kind }) => kind === 'resolved');
  const standing = newest.filter(({ kind }) => kind !== 'resolved');
  const groups = [
    groupOf('Critical', standing.filter(({ severity }) => severity === 'critical')),
    groupOf('Warnings', standing.filter(({ severity }) => severity !== 'critical')),
    groupOf('Over', over),
  ].filter(({ lines }) => lines.length > 0);
  const subject = `[Culprit] ${count(standing.length, 'incident')} at once on ${hostsWords(hosts)}${over.length === 0 ? '' : `, ${over.length} over`}`;
  const critical = standing.filter(({ severity }) => severity === 'critical').length;
  const summary = `${count(newest.length, 'incident')} with ${count(alarms.length, 'alarm')} on ${count(hosts.length, 'host')} came together, ${critical} of them critical. So many at once go out as one message.`;
  const text = [
    ...wrapped(subject.replace('[Culprit] ', ''), width),
    '',
    ...wrapped(summary, width),
    ...groups.flatMap(({ title, lines }) => ['', `${title.toUpperCase()} (${lines.length})`, ...lines.flatMap((one) => hanging(`  ${one.time}  `, one.text, width))]),
    '',
    `Times are those of ${timeZone}.`,
    '',
  ].join('\n');
  const shown = groups.map(({ title, lines }) => ({ title: `${title} (${lines.length})`, lines: [...lines.slice(0, mostOnPage), ...(lines.length > mostOnPage ? [{ time: '', text: `and ${lines.length - mostOnPage} more` }] : [])] }));
  return {
    id: `digest-${createHash('sha256').update(JSON.stringify(notifications.map(({ id }) => id))).digest('hex').slice(0, 32)}`,
    kind: 'digest',
    severity: critical > 0 ? 'critical' : 'warning',
    atMs,
    subject,
    summary,
    text,
    html: linesHtml(subject, critical > 0 ? colours.critical : standing.length === 0 ? colours.resolved : colours.warning, summary, shown),
    hosts,
    alarms,
  };
}
