import type { Alarm } from '../define/alarm.ts';
import type { Incident } from '../define/incident.ts';

/** Records for tests of the store, with what is different. */
export const nowMs = Date.UTC(2026, 6, 12, 10);
export const alarm = (id: string, fields: Partial<Alarm> = {}): Alarm => ({
  id, kind: 'io-delay', host: 'pve1', object: 'host', severity: 'warning', source: 'culprit', startedAtMs: nowMs, raisedAtMs: nowMs + 60_000, says: 'The processors waited for 31 % of the time.', value: 31.25, unit: '%', labels: { job: 'node' }, ...fields,
});
export const incident = (id: string, alarmIds: readonly string[], fields: Partial<Incident> = {}): Incident => ({
  id, state: 'open', title: 'pve1 is slow', severity: 'warning', startedAtMs: nowMs, openedAtMs: nowMs + 20_000, updatedAtMs: nowMs + 20_000, hosts: ['pve1'], alarmIds: [...alarmIds], explanations: [], ...fields,
});
