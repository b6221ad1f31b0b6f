import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { suppressionSchema } from '../../define/suppression.ts';
import { saveSuppression } from '../../store/suppressions.ts';
import { personOf, type App } from '../routes.ts';
import type { ServerContext } from '../context.ts';
import { errorAnswer } from './errors.ts';

const longestMs = 366 * 86_400_000;
const wanted = z.object({
  kind: z.enum(['silence', 'maintenance']),
  hosts: z.array(z.string().max(300)).max(1_000).default([]),
  alarmKinds: z.array(z.string().max(300)).max(1_000).default([]),
  objects: z.array(z.string().max(300)).max(1_000).default([]),
  reason: z.string().min(1).max(2_000),
  startsAtMs: z.number().optional(),
  endsAtMs: z.number(),
});

/** Silences and maintenance: who is not to be told of what, why, and until when. */
export function suppressionRoutes(app: App, { store, surveillance, clock }: ServerContext): void {
  app.get('/api/v1/suppressions', { config: { scope: 'read' }, schema: { tags: ['suppressions'], summary: 'Silences and maintenance that have not ended', response: { 200: z.object({ suppressions: z.array(suppressionSchema) }) } } }, async () => ({ suppressions: [...surveillance.incidents.suppressions] }));
  app.post('/api/v1/suppressions', { config: { scope: 'write' }, schema: { tags: ['suppressions'], summary: 'Tell nobody of certain alarms for a while', body: wanted, response: { 201: suppressionSchema, 400: errorAnswer } } }, async (request, reply) => {
    const nowMs = clock.nowMs();
    const parsed = suppressionSchema.safeParse({ ...request.body, startsAtMs: request.body.startsAtMs ?? nowMs, id: randomUUID(), createdBy: personOf(request).name });
    if (!parsed.success || parsed.data.endsAtMs <= nowMs || parsed.data.endsAtMs > nowMs + longestMs) {
      return reply.code(400).send({ error: 'not-understood', message: parsed.success ? 'It has to end later than now, and within a year.' : (parsed.error.issues[0]?.message ?? 'It cannot be used.') });
    }
    await store.write((db) => saveSuppression(db, parsed.data));
    await surveillance.incidents.readSuppressions(nowMs);
    return reply.code(201).send(parsed.data);
  });
  app.delete('/api/v1/suppressions/:id', { config: { scope: 'write' }, schema: { tags: ['suppressions'], summary: 'End one now', params: z.object({ id: z.string().min(1).max(100) }), response: { 204: z.null(), 404: errorAnswer } } }, async ({ params: { id } }, reply) => {
    const nowMs = clock.nowMs();
    const found = surveillance.incidents.suppressions.find((one) => one.id === id);
    if (found === undefined) return reply.code(404).send({ error: 'not-found', message: 'There is no such silence or maintenance, or it has ended.' });
    await store.write((db) => saveSuppression(db, { ...found, startsAtMs: Math.min(found.startsAtMs, nowMs - 1), endsAtMs: nowMs }));
    await surveillance.incidents.readSuppressions(nowMs);
    return reply.code(204).send(null);
  });
}
