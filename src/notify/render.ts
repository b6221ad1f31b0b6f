import type { Notification } from '../define/notification.ts';
import { zonedTime } from '../lib/zoned-time.ts';
import { storyHtml } from './render/html.ts';
import { inOrder } from './render/headline.ts';
import { storyOf } from './render/outline.ts';
import type { IncidentNews } from './render/story.ts';
import { storyText } from './render/text.ts';

export { digestOf } from './render/digest.ts';
export type { AlarmWords, IncidentNews } from './render/story.ts';

/** What all channels are told of an incident: the verdict first where there is one, before that the symptom. Pure: the same news give the same notification. */
export function renderIncident(news: IncidentNews): Notification {
  const story = storyOf(news);
  const { incident } = news;
  return {
    id: news.id,
    kind: news.kind,
    incidentId: incident.id,
    severity: incident.severity,
    atMs: news.atMs,
    subject: `[Culprit] ${story.subject}`,
    summary: story.verdict.slice(0, 2).join(' '),
    text: storyText(story),
    html: storyHtml(story),
    ...(news.chartSvg !== undefined && { chartSvg: news.chartSvg }),
    hosts: [...incident.hosts],
    alarms: inOrder(news.alarms).map(({ id, kind, host, object, source, says, severity, startedAtMs, resolvedAtMs }) => ({ id, kind, host, object, source, says, severity, startedAtMs, ...(resolvedAtMs !== undefined && { resolvedAtMs }) })),
    ...(news.url !== undefined && { url: news.url }),
  };
}

/** To try a channel out. */
export function testNotification(id: string, channelName: string, atMs: number, timeZone: string): Notification {
  const summary = `Culprit can reach you by the channel ${channelName}. Nothing is wrong: somebody asked for this test at ${zonedTime(atMs, timeZone)}.`;
  return { id, kind: 'test', severity: 'warning', atMs, subject: `[Culprit] test of the channel ${channelName}`, summary, text: `${summary}\n`, hosts: [], alarms: [] };
}
