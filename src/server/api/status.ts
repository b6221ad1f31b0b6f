import { z } from 'zod';
import type { App } from '../routes.ts';
import type { ServerContext } from '../context.ts';
import { metricsPage } from '../metrics.ts';

const problem = z.object({ id: z.string(), says: z.string() });

/** Whether the server lives, can do its work, and how it is: for load balancers, Prometheus and people. */
export function statusRoutes(app: App, context: ServerContext): void {
  const { surveillance, selfWatch, ownPlaces, version, history, outbox } = context;
  app.get('/healthz', { schema: { tags: ['status'], summary: 'Whether the process answers', response: { 200: z.object({ status: z.literal('ok') }) } } }, async () => ({ status: 'ok' as const }));
  app.get('/readyz', { schema: { tags: ['status'], summary: 'Whether it can do its work', response: { 200: z.object({ status: z.literal('ready') }), 503: z.object({ status: z.literal('not ready') }) } } }, async (_request, reply) => {
    // What exactly is wrong is for those who are logged in.
    if (selfWatch.problems().some(({ id }) => id === 'state' || id === 'lost')) return reply.code(503).send({ status: 'not ready' as const });
    return reply.send({ status: 'ready' as const });
  });
  app.get('/metrics', { config: { scope: 'read' }, schema: { hide: true } }, async (_request, reply) => reply.type('text/plain; version=0.0.4; charset=utf-8').send(metricsPage(context)));
  app.get(
    '/api/v1/status',
    {
      config: { scope: 'read' },
      schema: {
        tags: ['status'],
        summary: 'How the server itself is',
        response: {
          200: z.object({
            version: z.string(),
            problems: z.array(problem),
            warnings: z.array(z.string()).describe('What watching depends on and stands on a watched host.'),
            sources: z.array(z.object({ source: z.string(), host: z.string().optional(), reason: z.string(), says: z.string(), sinceMs: z.number() })),
            history: z.object({ bytesOnDisk: z.number(), openDays: z.number(), closedDays: z.number(), bufferedSamples: z.number() }),
            channels: z.array(z.object({ name: z.string(), waiting: z.number(), failing: z.boolean(), delivered: z.number(), lastError: z.string().optional() })),
            investigations: z.object({ waiting: z.number(), running: z.number() }),
          }),
        },
      },
    },
    async () => {
      const { bytesOnDisk, openDays, closedDays, bufferedSamples } = history.stats();
      return {
        version,
        problems: selfWatch.problems(),
        warnings: [...ownPlaces.warnings],
        sources: surveillance.samples.problems().map(({ source, host, reason, says, sinceMs }) => ({ source, reason, says, sinceMs, ...(host === undefined ? {} : { host }) })),
        history: { bytesOnDisk, openDays, closedDays, bufferedSamples },
        channels: outbox.status().channels.map(({ name, waiting, failing, delivered, lastError }) => ({ name, waiting, failing, delivered, ...(lastError === undefined ? {} : { lastError: lastError.reason }) })),
        investigations: surveillance.investigations.counts,
      };
    },
  );
}
