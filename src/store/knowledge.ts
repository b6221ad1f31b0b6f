import { idText, jsonText, storable, wholeMs } from './bounds.ts';
import type { Db } from './open.ts';

/** A saved case, as the index has it. The file itself is in the folder of cases. */
export interface CaseEntry {
  readonly name: string;
  readonly host: string;
  readonly incidentId?: string;
  readonly startedAtMs: number;
  readonly sizeBytes: number;
  readonly status: string;
  readonly summary: string;
}

export async function saveCase(db: Db, { name, host, incidentId, startedAtMs, sizeBytes, status, summary }: CaseEntry): Promise<void> {
  const rest = { host: storable(host, 300), incident_id: incidentId ?? null, started_at_ms: wholeMs(startedAtMs), size_bytes: Math.round(sizeBytes), status: storable(status, 100), summary: storable(summary, 2_000) };
  await db.insertInto('cases').values({ name: idText(name), ...rest }).onConflict((conflict) => conflict.column('name').doUpdateSet(rest)).execute();
}

/** The newest first. */
export async function casePage(db: Db, { incidentId, limit }: { readonly incidentId?: string; readonly limit: number }): Promise<CaseEntry[]> {
  const rows = await db
    .selectFrom('cases')
    .selectAll()
    .$if(incidentId !== undefined, (query) => query.where('incident_id', '=', incidentId!))
    .orderBy('started_at_ms', 'desc')
    .orderBy('name')
    .limit(Math.min(limit, 1_000))
    .execute();
  return rows.map((row) => ({
    name: row.name,
    host: row.host,
    ...(row.incident_id === null ? {} : { incidentId: row.incident_id }),
    startedAtMs: row.started_at_ms,
    sizeBytes: row.size_bytes,
    status: row.status,
    summary: row.summary,
  }));
}

export async function forgetCase(db: Db, name: string): Promise<void> {
  await db.deleteFrom('cases').where('name', '=', name).execute();
}

/** What a detector has learned of a host. Its version says who can read it: another is as good as none. */
export async function saveLearned(db: Db, detector: string, host: string, version: number, savedAtMs: number, state: unknown): Promise<void> {
  const rest = { version, saved_at_ms: wholeMs(savedAtMs), body: storable(jsonText(state, 20_000_000), 20_000_000) };
  await db
    .insertInto('learned_state')
    .values({ detector: idText(detector), host: storable(host, 300), ...rest })
    .onConflict((conflict) => conflict.columns(['detector', 'host']).doUpdateSet(rest))
    .execute();
}

/** By host; the reader checks each against its own schema. */
export async function learnedBy(db: Db, detector: string, version: number): Promise<Map<string, unknown>> {
  const rows = await db.selectFrom('learned_state').select(['host', 'body']).where('detector', '=', detector).where('version', '=', version).execute();
  return new Map(rows.map(({ host, body }) => [host, JSON.parse(body) as unknown]));
}
