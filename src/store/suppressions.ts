import { suppressionSchema, type Suppression } from '../define/suppression.ts';
import { idText, jsonText, storable, wholeMs } from './bounds.ts';
import type { Db } from './open.ts';

/** Saves a silence or a maintenance window; one of the same id is changed (ended earlier, say). */
export async function saveSuppression(db: Db, suppression: Suppression): Promise<void> {
  const { id, kind, reason, startsAtMs, endsAtMs, createdBy } = suppressionSchema.parse(suppression);
  const rest = {
    kind,
    reason: storable(reason, 2_000),
    starts_at_ms: wholeMs(startsAtMs),
    ends_at_ms: wholeMs(endsAtMs),
    created_by: storable(createdBy, 300),
    body: storable(jsonText(suppression, 5_000_000), 5_000_000),
  };
  await db.insertInto('suppressions').values({ id: idText(id), ...rest }).onConflict((conflict) => conflict.column('id').doUpdateSet(rest)).execute();
}

/** Those that have not ended by a time, whether they have begun or not. */
export async function suppressionsAfter(db: Db, nowMs: number): Promise<Suppression[]> {
  const rows = await db.selectFrom('suppressions').select('body').where('ends_at_ms', '>', nowMs).orderBy('starts_at_ms').orderBy('id').execute();
  return rows.map(({ body }) => suppressionSchema.parse(JSON.parse(body)));
}
