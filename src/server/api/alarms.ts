import { z } from 'zod';
import { alarmSchema } from '../../define/alarm.ts';
import type { App } from '../routes.ts';
import type { ServerContext } from '../context.ts';

/** Alarms that stand. */
export function alarmRoutes(app: App, { surveillance }: ServerContext): void {
  app.get('/api/v1/alarms', { config: { scope: 'read' }, schema: { tags: ['alarms'], summary: 'Alarms that stand, the oldest first', response: { 200: z.object({ alarms: z.array(alarmSchema) }) } } }, async () => ({
    alarms: surveillance.incidents.standingAlarms().sort((one, other) => one.startedAtMs - other.startedAtMs),
  }));
}
