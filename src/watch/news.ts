import type { Alarm } from '../define/alarm.ts';
import type { AlarmKind } from '../define/alarm-kind.ts';
import type { Notification } from '../define/notification.ts';
import type { Report } from '../define/report.ts';
import { ownAlarmKinds } from '../define/own-alarm.ts';
import type { EmbeddedHistory } from '../history/embedded/embedded-history.ts';
import { courseChart } from '../notify/chart/course-chart.ts';
import { inOrder } from '../notify/render/headline.ts';
import { renderIncident, type IncidentNews } from '../notify/render.ts';
import { pastReadings } from './alarms/past-readings.ts';
import type { Transition } from './incidents/state.ts';
import type { Log } from './log.ts';

export interface NewsOptions {
  readonly timeZone: string;
  /** Page of an incident, where the server has a public address. */
  readonly urlOf: (incidentId: string) => string | undefined;
  readonly kinds: readonly AlarmKind[];
  readonly usual: (alarm: Alarm) => number | undefined;
  readonly history: EmbeddedHistory | undefined;
  readonly reportOf: (incidentId: string) => Report | undefined;
  readonly log: Log;
}

const chartMs = 3 * 3_600_000;
const chartStepSeconds = 60;
/** A message does not wait longer for its picture. */
const chartLimitMs = 5_000;

/** Writes the message of a step of an incident. A picture that cannot be drawn is left out. */
export function newsWriter({ timeZone, urlOf, kinds, usual, history, reportOf, log }: NewsOptions): (transition: Transition, alarms: readonly Alarm[]) => Promise<Notification> {
  const kindOf = new Map(kinds.map((kind) => [kind.id, kind]));
  const titles = new Map([...kinds.map(({ id, title }) => [id, title] as const), ...Object.values(ownAlarmKinds).map(({ kind, title }) => [kind, title] as const)]);

  async function chartOf(alarms: readonly Alarm[], atMs: number): Promise<string | undefined> {
    const lead = inOrder(alarms).find(({ source, kind }) => source === 'culprit' && kindOf.get(kind)?.learned === true);
    const kind = lead && kindOf.get(lead.kind);
    if (history === undefined || lead === undefined || kind === undefined) return undefined;
    try {
      const fromMs = Math.min(lead.startedAtMs - chartMs / 3, atMs - chartMs);
      const { timesMs, byObject } = await pastReadings(kind, history.ofHost(lead.host), {}, fromMs, atMs, chartStepSeconds, AbortSignal.timeout(chartLimitMs));
      const values = byObject.get(lead.object);
      const expected = usual(lead);
      if (values === undefined || values.filter((value) => value !== undefined).length < 2) return undefined;
      return courseChart({
        title: `${kind.title} of ${lead.object === 'host' ? lead.host : `${lead.object} on ${lead.host}`}`,
        unit: kind.unit,
        timeZone,
        timesMs,
        values,
        beganAtMs: lead.startedAtMs,
        lines: [...(lead.limit === undefined ? [] : [{ label: 'limit', value: lead.limit }]), ...(expected === undefined ? [] : [{ label: 'usual', value: expected }])],
      });
    } catch (error) {
      log('warn', `The picture of a message could not be drawn: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  }

  return async ({ id, notification, atMs, incident }, alarms) => {
    const chartSvg = notification === 'resolved' ? undefined : await chartOf(alarms, atMs);
    const url = urlOf(incident.id);
    const news: IncidentNews = {
      id,
      kind: notification as IncidentNews['kind'],
      atMs,
      incident,
      alarms,
      report: reportOf(incident.id),
      timeZone,
      words: { title: (kind) => titles.get(kind), usual },
      ...(chartSvg === undefined ? {} : { chartSvg }),
      ...(url === undefined ? {} : { url }),
    };
    return renderIncident(news);
  };
}
