import cookie from '@fastify/cookie';
import swagger from '@fastify/swagger';
import Fastify from 'fastify';
import { jsonSchemaTransform, serializerCompiler, validatorCompiler, hasZodFastifySchemaValidationErrors, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { bounded, forTerminal } from '../lib/hostile-text.ts';
import { alarmRoutes } from './api/alarms.ts';
import { alertRoutes } from './api/alerts.ts';
import { eventRoutes } from './api/events.ts';
import { hostRoutes } from './api/hosts.ts';
import { incidentRoutes } from './api/incidents.ts';
import { peopleRoutes } from './api/people.ts';
import { sessionRoutes } from './api/session.ts';
import { statusRoutes } from './api/status.ts';
import { suppressionRoutes } from './api/suppressions.ts';
import type { ServerContext } from './context.ts';
import type { App } from './routes.ts';
import { refusalOf, turnAway, whoAsks } from './who.ts';

const mostBodyBytes = 8 * 1024 * 1024;

/** Headers of all answers: nothing of ours is to be framed, guessed at, or fetched from elsewhere. */
const harmless = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'cache-control': 'no-store',
} as const;

/** Makes the HTTP server with all its routes; it does not listen yet. */
export async function buildApp(context: ServerContext): Promise<App> {
  const { settings, clock, store, log, version } = context;
  const app = Fastify({ bodyLimit: mostBodyBytes, trustProxy: settings.http.trustedProxies.length > 0 ? [...settings.http.trustedProxies] : false, requestTimeout: 60_000, forceCloseConnections: true }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  await app.register(cookie);
  await app.register(swagger, { openapi: { info: { title: 'Culprit', version, description: 'What is wrong with the watched hosts, and what is to blame.' }, components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } } }, transform: jsonSchemaTransform });
  app.decorateRequest('person', undefined);
  app.addHook('onRequest', async (request, reply) => {
    void reply.headers(harmless);
    const { scope } = request.routeOptions.config;
    if (scope === undefined) return;
    request.person = await whoAsks(request, store, clock.nowMs());
    const refusal = refusalOf(request.person, scope, request);
    if (refusal !== undefined) await turnAway(reply, refusal);
  });
  app.setErrorHandler(async (error: Error & { statusCode?: number; code?: string }, request, reply) => {
    const status = error.statusCode ?? 500;
    if (hasZodFastifySchemaValidationErrors(error)) {
      const says = error.validation.map(({ instancePath, message = '' }) => `${instancePath.slice(1).replaceAll('/', '.')} ${message}`.trim()).join('; ');
      return reply.code(400).send({ error: 'not-understood', message: bounded(forTerminal(says), 1_000) });
    }
    if (status < 500) return reply.code(status).send({ error: 'not-understood', message: bounded(forTerminal(error.message), 300) });
    log('error', `${request.method} ${request.routeOptions.url ?? ''} failed: ${error.stack ?? error.message}`);
    return reply.code(500).send({ error: 'internal', message: 'An error in Culprit itself, which its log has.' });
  });
  app.setNotFoundHandler(async (_request, reply) => reply.code(404).send({ error: 'not-found', message: 'There is nothing at this address.' }));
  for (const routes of [statusRoutes, sessionRoutes, peopleRoutes, incidentRoutes, alarmRoutes, hostRoutes, suppressionRoutes, alertRoutes, eventRoutes]) await app.register(async (scoped) => routes(scoped.withTypeProvider<ZodTypeProvider>(), context));
  app.get('/api/v1/openapi.json', { schema: { hide: true } }, async () => app.swagger());
  await app.ready();
  return app;
}
