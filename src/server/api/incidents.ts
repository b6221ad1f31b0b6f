import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { alarmSchema } from '../../define/alarm.ts';
import { incidentSchema } from '../../define/incident.ts';
import { alarmById } from '../../store/alarms.ts';
import { incidentById, incidentPage } from '../../store/incidents.ts';
import { casePage } from '../../store/knowledge.ts';
import { eventsOfIncident } from '../../store/record.ts';
import { personOf, type App } from '../routes.ts';
import type { ServerContext } from '../context.ts';
import { errorAnswer } from './errors.ts';

const incidentId = z.object({ id: z.string().min(1).max(300) });
const caseEntry = z.object({ name: z.string(), host: z.string(), startedAtMs: z.number(), sizeBytes: z.number(), status: z.string(), summary: z.string() });
const whole = incidentSchema.extend({ alarms: z.array(alarmSchema), log: z.array(z.object({ atMs: z.number(), kind: z.string(), says: z.string() })), cases: z.array(caseEntry) });
/** As the server names its cases: nothing that leads out of their folder. */
const caseName = z.object({ name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,299}\.tgz$/) });

/** Incidents, their alarms, their log and their cases. */
export function incidentRoutes(app: App, { store, surveillance, casesFolder }: ServerContext): void {
  app.get(
    '/api/v1/incidents',
    {
      config: { scope: 'read' },
      schema: {
        tags: ['incidents'],
        summary: 'Incidents, the newest first',
        querystring: z.object({ beforeMs: z.coerce.number().optional().describe('Those that were opened before: for the next page, openedAtMs of the last one.'), afterId: z.string().max(300).optional().describe('With beforeMs, the id of the last one: several can be opened in one moment.'), limit: z.coerce.number().int().min(1).max(200).default(50) }),
        response: { 200: z.object({ incidents: z.array(incidentSchema) }) },
      },
    },
    async ({ query: { beforeMs, afterId, limit } }) => ({ incidents: await store.read((db) => incidentPage(db, { limit, ...(beforeMs === undefined ? {} : { beforeMs }), ...(afterId === undefined ? {} : { afterId }) })) }),
  );
  app.get('/api/v1/incidents/:id', { config: { scope: 'read' }, schema: { tags: ['incidents'], summary: 'One incident with all that belongs to it', params: incidentId, response: { 200: whole, 404: errorAnswer } } }, async ({ params: { id } }, reply) => {
    const incident = await store.read((db) => incidentById(db, id));
    if (incident === undefined) return reply.code(404).send({ error: 'not-found', message: 'There is no such incident.' });
    const alarms = await store.read((db) => Promise.all(incident.alarmIds.slice(0, 2_000).map((alarmId) => alarmById(db, alarmId))));
    const log = await store.read((db) => eventsOfIncident(db, id));
    const cases = await store.read((db) => casePage(db, { incidentId: id, limit: 100 }));
    return { ...incident, alarms: alarms.filter((alarm) => alarm !== undefined), log: log.map(({ atMs, kind, says }) => ({ atMs, kind, says })), cases };
  });
  app.post('/api/v1/incidents/:id/mitigated', { config: { scope: 'write' }, schema: { tags: ['incidents'], summary: 'Say that it is dealt with, though alarms of it still stand', params: incidentId, response: { 202: z.object({ accepted: z.literal(true) }), 404: errorAnswer } } }, async (request, reply) => {
    const { id } = request.params;
    if ((await store.read((db) => incidentById(db, id))) === undefined) return reply.code(404).send({ error: 'not-found', message: 'There is no such incident.' });
    await surveillance.mitigate(id, personOf(request).name);
    return reply.code(202).send({ accepted: true as const });
  });
  app.get('/api/v1/cases/:name', { config: { scope: 'read' }, schema: { tags: ['incidents'], summary: 'A saved case, for culprit investigate --from', params: caseName } }, async ({ params: { name } }, reply) => {
    const path = join(casesFolder, name);
    if (!existsSync(path)) return reply.code(404).send({ error: 'not-found', message: 'There is no such case; old ones are deleted.' });
    return reply.type('application/gzip').header('content-disposition', `attachment; filename="${name}"`).send(createReadStream(path));
  });
}
