import { z } from 'zod';
import type { App } from '../routes.ts';
import type { ServerContext } from '../context.ts';
import { errorAnswer } from './errors.ts';

/** Where Alertmanager's webhook goes (`webhook_configs`, with a token of the scope alerts). */
export function alertRoutes(app: App, { surveillance, log }: ServerContext): void {
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  app.post('/api/v1/alertmanager', { config: { scope: 'alerts' }, schema: { tags: ['alarms'], summary: 'Takes the webhook of an Alertmanager, version 4', response: { 200: z.object({ taken: z.number() }), 400: errorAnswer } } }, async ({ body }, reply) => {
    const { alarms, problems } = await surveillance.receiveAlerts(typeof body === 'string' ? body : '');
    for (const { says } of problems) log('warn', says);
    const broken = problems.find(({ reason }) => reason === 'not-understood');
    // Alertmanager tries again whatever is not taken, so what can never be understood is turned away for good.
    if (broken !== undefined && alarms.length === 0) return reply.code(400).send({ error: 'not-understood', message: broken.says });
    return reply.send({ taken: alarms.length });
  });
}
