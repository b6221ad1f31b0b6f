import { sql } from 'kysely';
import { alarmSchema, severities, type Alarm } from '../define/alarm.ts';
import { boundedAlarm, idText, jsonText, wholeMs } from './bounds.ts';
import type { Db } from './open.ts';
import type { AlarmRow } from './tables.ts';

export interface SavedAlarm {
  readonly alarm: Alarm;
  readonly arrivedAtMs: number;
}

function rowOf({ alarm, arrivedAtMs }: SavedAlarm): AlarmRow {
  const { id, kind, host, object, severity, source, startedAtMs, raisedAtMs, resolvedAtMs } = boundedAlarm(alarm);
  return {
    id: idText(id),
    kind,
    host,
    object,
    severity,
    source,
    started_at_ms: wholeMs(startedAtMs),
    raised_at_ms: wholeMs(raisedAtMs),
    resolved_at_ms: resolvedAtMs === undefined ? null : wholeMs(resolvedAtMs),
    arrived_at_ms: wholeMs(arrivedAtMs),
    body: jsonText(boundedAlarm(alarm), 1_000_000),
  };
}

/** The alarm of a row: what can change is in the columns. */
export function alarmOf(row: AlarmRow): Alarm {
  const { resolvedAtMs: _, ...alarm } = alarmSchema.parse(JSON.parse(row.body));
  const severity = severities.find((one) => one === row.severity) ?? alarm.severity;
  return { ...alarm, severity, startedAtMs: row.started_at_ms, ...(row.resolved_at_ms === null ? {} : { resolvedAtMs: row.resolved_at_ms }) };
}

/** Saves alarms. What is known already keeps its arrival and its first end, and never gets less severe. */
export async function saveAlarms(db: Db, alarms: readonly SavedAlarm[]): Promise<void> {
  // Both databases bound the number of parameters of one statement: 32,766 and 65,535.
  for (let from = 0; from < alarms.length; from += 500) {
    // One statement may not touch a row twice.
    const rows = new Map(alarms.slice(from, from + 500).map((alarm) => [alarm.alarm.id, rowOf(alarm)]));
    await db
      .insertInto('alarms')
      .values([...rows.values()])
      .onConflict((conflict) =>
        conflict.column('id').doUpdateSet({
          severity: sql<string>`case when alarms.severity = 'critical' then alarms.severity else excluded.severity end`,
          resolved_at_ms: sql<number | null>`coalesce(alarms.resolved_at_ms, excluded.resolved_at_ms)`,
          body: sql<string>`case when alarms.resolved_at_ms is null then excluded.body else alarms.body end`,
        }),
      )
      .execute();
  }
}

export async function alarmById(db: Db, id: string): Promise<Alarm | undefined> {
  const row = await db.selectFrom('alarms').selectAll().where('id', '=', id).executeTakeFirst();
  return row === undefined ? undefined : alarmOf(row);
}

/** Alarms that stand, the newest first. */
export async function standingAlarms(db: Db, limit = 10_000): Promise<Alarm[]> {
  const rows = await db.selectFrom('alarms').selectAll().where('resolved_at_ms', 'is', null).orderBy('started_at_ms', 'desc').orderBy('id').limit(limit).execute();
  return rows.map(alarmOf);
}
