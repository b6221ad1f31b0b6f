import type { Incident } from '../define/incident.ts';
import { saveAlarms, type SavedAlarm } from './alarms.ts';
import { idText, jsonText, storable, wholeMs } from './bounds.ts';
import { saveIncidents, saveMembers, type SavedIncident } from './incidents.ts';
import type { Db, Store } from './open.ts';
import { enqueue, type QueuedMessage } from './outbox.ts';
import type { EventRow } from './tables.ts';

/** Something that happened, for the log. The same id is the same happening. */
export interface HappenedEvent {
  readonly id: string;
  readonly atMs: number;
  readonly kind: string;
  readonly incident?: Pick<Incident, 'id' | 'state' | 'severity'>;
  readonly alarmIds?: readonly string[];
  readonly says: string;
}

/** One step of the server: what came in, what it made of it, what is to be told. */
export interface StepRecord {
  readonly alarms: readonly SavedAlarm[];
  readonly incidents: readonly SavedIncident<{ readonly sequence: number }>[];
  readonly members: readonly { readonly incidentId: string; readonly alarmId: string }[];
  readonly events: readonly HappenedEvent[];
  readonly messages: readonly QueuedMessage[];
}

function rowOf({ id, atMs, kind, incident, alarmIds, says }: HappenedEvent): EventRow {
  const body = { ...(incident === undefined ? {} : { state: incident.state, severity: incident.severity }), alarmIds: (alarmIds ?? []).slice(0, 10_000) };
  return { id: idText(id), at_ms: wholeMs(atMs), kind: storable(kind, 100), incident_id: incident?.id ?? null, says: storable(says, 2_000), body: storable(jsonText(body, 10_000_000), 10_000_000) };
}

/** Adds to the log. What is in it already stays. */
export async function appendEvents(db: Db, events: readonly HappenedEvent[]): Promise<void> {
  for (let from = 0; from < events.length; from += 1_000) {
    const rows = events.slice(from, from + 1_000).map(rowOf);
    await db.insertInto('events').values(rows).onConflict((conflict) => conflict.column('id').doNothing()).execute();
  }
}

/** Saves a step as a whole: a transition of an incident is never there without its messages, nor they without it. Recording the same step again changes nothing. */
export async function recordStep(store: Store, { alarms, incidents, members, events, messages }: StepRecord): Promise<void> {
  if (alarms.length + incidents.length + members.length + events.length + messages.length === 0) return;
  await store.write(async (db) => {
    await saveAlarms(db, alarms);
    await saveIncidents(db, incidents);
    await saveMembers(db, members);
    await appendEvents(db, events);
    await enqueue(db, messages);
  });
}

/** The log of an incident, the oldest first. */
export async function eventsOfIncident(db: Db, incidentId: string, limit = 10_000): Promise<{ readonly id: string; readonly atMs: number; readonly kind: string; readonly says: string }[]> {
  const rows = await db.selectFrom('events').select(['id', 'at_ms', 'kind', 'says']).where('incident_id', '=', incidentId).orderBy('at_ms').limit(limit).execute();
  const place = (id: string): number => Number(id.slice(id.lastIndexOf('/') + 1));
  return rows.map(({ id, at_ms, kind, says }) => ({ id, atMs: at_ms, kind, says })).sort((one, other) => one.atMs - other.atMs || place(one.id) - place(other.id));
}
