import type { z } from 'zod';
import type { Alarm } from '../define/alarm.ts';
import { incidentSchema, type Incident } from '../define/incident.ts';
import { alarmOf } from './alarms.ts';
import { idText, jsonText, storable, wholeMs } from './bounds.ts';
import type { Db } from './open.ts';
import type { IncidentRow } from './tables.ts';

/** An incident with what joining keeps beside it. */
export interface SavedIncident<Kept extends { readonly sequence: number }> {
  readonly incident: Incident;
  readonly bookkeeping: Kept;
}

const mostExplanations = 100;

function rowOf({ incident, bookkeeping }: SavedIncident<{ readonly sequence: number }>): IncidentRow {
  const { alarmIds: _, ...rest } = incident;
  const body = { ...rest, title: storable(rest.title, 500), hosts: rest.hosts.map((host) => storable(host, 300)), explanations: rest.explanations.slice(-mostExplanations) };
  return {
    id: idText(incident.id),
    state: incident.state,
    severity: incident.severity,
    opened_at_ms: wholeMs(incident.openedAtMs),
    updated_at_ms: wholeMs(incident.updatedAtMs),
    resolved_at_ms: incident.resolvedAtMs === undefined ? null : wholeMs(incident.resolvedAtMs),
    merged_into: incident.mergedInto ?? null,
    sequence: bookkeeping.sequence,
    body: storable(jsonText(body, 20_000_000), 20_000_000),
    bookkeeping: storable(jsonText(bookkeeping, 1_000_000), 1_000_000),
  };
}

/** Saves incidents as they are now. An older state of one never overwrites a newer. */
export async function saveIncidents(db: Db, incidents: readonly SavedIncident<{ readonly sequence: number }>[]): Promise<void> {
  for (const saved of incidents) {
    const { id, ...rest } = rowOf(saved);
    await db
      .insertInto('incidents')
      .values({ id, ...rest })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(rest).where('incidents.sequence', '<=', rest.sequence))
      .execute();
  }
}

export async function saveMembers(db: Db, members: readonly { readonly incidentId: string; readonly alarmId: string }[]): Promise<void> {
  for (let from = 0; from < members.length; from += 5_000) {
    const rows = members.slice(from, from + 5_000).map(({ incidentId, alarmId }) => ({ incident_id: idText(incidentId), alarm_id: idText(alarmId) }));
    await db.insertInto('incident_members').values(rows).onConflict((conflict) => conflict.doNothing()).execute();
  }
}

async function alarmIdsOf(db: Db, incidentIds: readonly string[]): Promise<Map<string, string[]>> {
  const lists = new Map<string, string[]>(incidentIds.map((id) => [id, []]));
  if (incidentIds.length === 0) return lists;
  const rows = await db
    .selectFrom('incident_members')
    .innerJoin('alarms', 'alarms.id', 'incident_members.alarm_id')
    .select(['incident_members.incident_id', 'incident_members.alarm_id', 'alarms.started_at_ms'])
    .where('incident_members.incident_id', 'in', incidentIds)
    .execute();
  // Sorted here: the order of texts is not the same in the two databases.
  rows.sort((one, other) => one.started_at_ms - other.started_at_ms || (one.alarm_id < other.alarm_id ? -1 : 1));
  for (const { incident_id, alarm_id } of rows) lists.get(incident_id)?.push(alarm_id);
  return lists;
}

const bodySchema = incidentSchema.omit({ alarmIds: true });

async function incidentsOf(db: Db, rows: readonly IncidentRow[]): Promise<Incident[]> {
  const alarmIds = await alarmIdsOf(
    db,
    rows.map(({ id }) => id),
  );
  return rows.map((row) => ({ ...bodySchema.parse(JSON.parse(row.body)), alarmIds: alarmIds.get(row.id) ?? [] }));
}

export async function incidentById(db: Db, id: string): Promise<Incident | undefined> {
  const rows = await db.selectFrom('incidents').selectAll().where('id', '=', id).execute();
  return (await incidentsOf(db, rows))[0];
}

/** The newest first; to go on where a page ended: the time that its last one was opened at, and its id, since one moment can open many. */
export async function incidentPage(db: Db, { beforeMs, afterId, limit }: { readonly beforeMs?: number; readonly afterId?: string; readonly limit: number }): Promise<Incident[]> {
  const rows = await db
    .selectFrom('incidents')
    .selectAll()
    .$if(beforeMs !== undefined, (query) =>
      query.where((where) => where.or([where('opened_at_ms', '<', beforeMs!), ...(afterId === undefined ? [] : [where.and([where('opened_at_ms', '=', beforeMs!), where('id', '>', afterId)])])])))
    .orderBy('opened_at_ms', 'desc')
    .orderBy('id')
    .limit(Math.min(limit, 500))
    .execute();
  return incidentsOf(db, rows);
}

/** What joining goes on with after a restart: all that stands, waits, or ended after a time. */
export async function openAffairs<Kept extends { readonly sequence: number }>(
  db: Db,
  endedAfterMs: number,
  bookkeepingSchema: z.ZodType<Kept>,
): Promise<{ readonly alarms: { alarm: Alarm; arrivedAtMs: number; incidentId?: string }[]; readonly incidents: SavedIncident<Kept>[] }> {
  const rows = await db
    .selectFrom('incidents')
    .selectAll()
    .where((where) => where.or([where('state', '!=', 'resolved'), where('resolved_at_ms', '>', endedAfterMs)]))
    .execute();
  const incidents = await incidentsOf(db, rows);
  const kept = new Map(rows.map((row) => [row.id, bookkeepingSchema.parse(JSON.parse(row.bookkeeping))]));
  const alarmRows = await db
    .selectFrom('alarms')
    .selectAll()
    .where((where) =>
      where.or([
        where('resolved_at_ms', 'is', null),
        where('resolved_at_ms', '>', endedAfterMs),
        where('arrived_at_ms', '>', endedAfterMs),
        where.not(where.exists(where.selectFrom('incident_members').select('alarm_id').whereRef('incident_members.alarm_id', '=', 'alarms.id'))),
      ]),
    )
    .execute();
  const homes = await db
    .selectFrom('incident_members')
    .innerJoin('incidents', 'incidents.id', 'incident_members.incident_id')
    .innerJoin('alarms', 'alarms.id', 'incident_members.alarm_id')
    .select(['incident_members.alarm_id', 'incidents.id'])
    .where('incidents.merged_into', 'is', null)
    .where((where) => where.or([where('alarms.resolved_at_ms', 'is', null), where('alarms.resolved_at_ms', '>', endedAfterMs), where('alarms.arrived_at_ms', '>', endedAfterMs)]))
    .execute();
  const home = new Map(homes.map(({ alarm_id, id }) => [alarm_id, id]));
  return {
    incidents: incidents.map((incident) => ({ incident, bookkeeping: kept.get(incident.id)! })),
    alarms: alarmRows.map((row) => ({ alarm: alarmOf(row), arrivedAtMs: row.arrived_at_ms, ...(home.has(row.id) ? { incidentId: home.get(row.id)! } : {}) })),
  };
}

const forgetAtOnce = 500;

/** Deletes incidents that were over before this time, with their log and the alarms that no other incident has; so many at a time. Returns how many there were. */
export async function forgetIncidents(db: Db, endedBeforeMs: number): Promise<number> {
  const rows = await db.selectFrom('incidents').select('id').where('state', '=', 'resolved').where('resolved_at_ms', '<', wholeMs(endedBeforeMs)).orderBy('resolved_at_ms').limit(forgetAtOnce).execute();
  const ids = rows.map(({ id }) => id);
  if (ids.length === 0) return 0;
  const members = await db.selectFrom('incident_members').select('alarm_id').where('incident_id', 'in', ids).execute();
  await db.deleteFrom('incident_members').where('incident_id', 'in', ids).execute();
  await db.deleteFrom('events').where('incident_id', 'in', ids).execute();
  await db.deleteFrom('incidents').where('id', 'in', ids).execute();
  const alarmIds = [...new Set(members.map(({ alarm_id }) => alarm_id))];
  for (let from = 0; from < alarmIds.length; from += 5_000) {
    await db
      .deleteFrom('alarms')
      .where('id', 'in', alarmIds.slice(from, from + 5_000))
      .where('resolved_at_ms', 'is not', null)
      .where(({ not, exists, selectFrom }) => not(exists(selectFrom('incident_members').select('alarm_id').whereRef('incident_members.alarm_id', '=', 'alarms.id'))))
      .execute();
  }
  return ids.length;
}
