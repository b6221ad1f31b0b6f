import type { Alarm } from '../../define/alarm.ts';
import type { JoinEvent, JoinState, Tracked } from './state.ts';

/** What has to be saved after events were taken in, in one piece with the transitions: what `restoreJoinState` needs. */
export interface JoinChanges {
  /** As they are known now: an end that was told once stays, and nothing lies in the future. */
  readonly alarms: readonly { readonly alarm: Alarm; readonly arrivedAtMs: number }[];
  readonly members: readonly { readonly incidentId: string; readonly alarmId: string }[];
  readonly incidents: readonly Tracked[];
}

export function changesBetween(before: JoinState, after: JoinState, events: readonly JoinEvent[]): JoinChanges {
  const heard = new Map(events.flatMap((event) => (event.kind === 'raised' || event.kind === 'resolved' ? [[event.alarm.id, event.alarm] as const] : [])));
  const alarms = [...heard.values()].flatMap((alarm) => {
    const member = after.members.get(alarm.id);
    if (member === undefined || member === before.members.get(alarm.id)) return [];
    const { startedAtMs, resolvedAtMs, severity, arrivedAtMs } = member;
    return [{ alarm: { ...alarm, startedAtMs, severity, ...(resolvedAtMs === undefined ? {} : { resolvedAtMs }) }, arrivedAtMs }];
  });
  const members = [...after.members.values()].flatMap(({ id, incidentId }) => (incidentId === undefined || incidentId === before.members.get(id)?.incidentId ? [] : [{ incidentId, alarmId: id }]));
  const incidents = [...after.incidents.values()].filter((tracked) => tracked !== before.incidents.get(tracked.incident.id));
  return { alarms, members, incidents };
}
