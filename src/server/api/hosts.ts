import { z } from 'zod';
import { pastReadings } from '../../watch/alarms/past-readings.ts';
import type { App } from '../routes.ts';
import type { ServerContext } from '../context.ts';
import { errorAnswer } from './errors.ts';

const finite = z.number().optional();
const standing = z.object({
  kind: z.string(),
  object: z.string(),
  atMs: z.number(),
  value: z.number(),
  unit: z.string(),
  fixedLimit: finite,
  learnedLimit: finite,
  raiseAt: finite,
  usual: finite,
  phase: z.enum(['ok', 'pending', 'raised']),
  excused: z.string().optional(),
});
const watchedHost = z.object({
  name: z.string(),
  target: z.string().optional(),
  runsOn: z.object({ host: z.string(), object: z.string(), by: z.enum(['settings', 'label', 'uuid', 'mac', 'address', 'name']) }).optional(),
  guests: z.array(z.object({ object: z.string(), name: z.string().optional(), running: z.boolean() })),
  newestSampleAtMs: z.number().optional(),
  standingAlarms: z.number(),
});
const hostParams = z.object({ host: z.string().min(1).max(300) });
const longestChartMs = 8 * 86_400_000;
const mostPoints = 2_000;

/** Watched hosts, and how it stands with them. */
export function hostRoutes(app: App, { settings, surveillance, kinds, history }: ServerContext): void {
  const unitOf = new Map(kinds.map(({ id, unit }) => [id, unit]));
  const known = (name: string): boolean => settings.hosts.some((host) => host.name === name);
  app.get(
    '/api/v1/hosts',
    { config: { scope: 'read' }, schema: { tags: ['hosts'], summary: 'Watched hosts', response: { 200: z.object({ hosts: z.array(watchedHost) }) } } },
    async () => {
      const alarms = surveillance.incidents.standingAlarms();
      const placements = new Map(surveillance.discovery.placements.map(({ host, runsOn, object, by }) => [host, { host: runsOn, object, by }]));
      return {
        hosts: settings.hosts.map(({ name, target }) => ({
          name,
          ...(target === undefined ? {} : { target }),
          ...(placements.has(name) ? { runsOn: placements.get(name)! } : {}),
          guests: surveillance.discovery.guestsOf(name).map(({ object, name: called, running }) => ({ object, running, ...(called === undefined ? {} : { name: called }) })),
          ...(surveillance.samples.newestMs(name) === undefined ? {} : { newestSampleAtMs: surveillance.samples.newestMs(name)! }),
          standingAlarms: alarms.filter(({ host }) => host === name).length,
        })),
      };
    },
  );
  app.get('/api/v1/hosts/:host/readings', { config: { scope: 'read' }, schema: { tags: ['hosts'], summary: 'What each kind of alarm reads now, with its limits', params: hostParams, response: { 200: z.object({ readings: z.array(standing) }), 404: errorAnswer } } }, async ({ params: { host } }, reply) => {
    if (!known(host)) return reply.code(404).send({ error: 'not-found', message: 'There is no such host.' });
    const readings = surveillance.alarms.standings(host).map(({ limit: { raiseAt, fixed, learned }, ...one }) => ({ ...one, unit: unitOf.get(one.kind) ?? '', fixedLimit: fixed, learnedLimit: learned, raiseAt: Number.isFinite(raiseAt) ? raiseAt : undefined }));
    return { readings };
  });
  app.get(
    '/api/v1/hosts/:host/courses/:kind',
    {
      config: { scope: 'read' },
      schema: {
        tags: ['hosts'],
        summary: 'The course of what a kind of alarm reads',
        params: hostParams.extend({ kind: z.string().min(1).max(100) }),
        querystring: z.object({ fromMs: z.coerce.number(), toMs: z.coerce.number() }),
        response: { 200: z.object({ timesMs: z.array(z.number()), unit: z.string(), courses: z.array(z.object({ object: z.string(), values: z.array(z.number().nullable()) })) }), 400: errorAnswer, 404: errorAnswer },
      },
    },
    async ({ params: { host, kind: kindId }, query: { fromMs, toMs } }, reply) => {
      const kind = kinds.find(({ id }) => id === kindId);
      if (kind === undefined || !known(host)) return reply.code(404).send({ error: 'not-found', message: 'There is no such host or kind of alarm.' });
      if (!(toMs > fromMs) || toMs - fromMs > longestChartMs) return reply.code(400).send({ error: 'not-understood', message: 'Ask for at most eight days, from before to after.' });
      const stepSeconds = Math.max(15, Math.ceil((toMs - fromMs) / 1_000 / mostPoints / 15) * 15);
      const { timesMs, byObject } = await pastReadings(kind, history.ofHost(host), {}, fromMs, toMs, Math.min(60, stepSeconds), AbortSignal.timeout(30_000));
      const every = Math.max(1, Math.round(stepSeconds / Math.min(60, stepSeconds)));
      const thin = <Item>(items: readonly Item[]): Item[] => items.filter((_, index) => index % every === 0);
      return { timesMs: thin(timesMs), unit: kind.unit, courses: [...byObject].map(([object, values]) => ({ object, values: thin(values).map((value) => value ?? null) })) };
    },
  );
}
