import type { App } from '../routes.ts';
import type { ServerContext } from '../context.ts';

const keepAliveMs = 20_000;
const mostListeners = 200;
/** What a reader that does not read may let pile up. */
const mostPiledBytes = 1_000_000;

/** What happens to incidents, as it happens (server-sent events; HTML Standard, 9.2). */
export function eventRoutes(app: App, { surveillance }: ServerContext): void {
  let listeners = 0;
  app.get('/api/v1/events', { config: { scope: 'read' }, schema: { tags: ['incidents'], summary: 'Steps of incidents as server-sent events' } }, async (request, reply) => {
    if (listeners >= mostListeners) return reply.code(503).send({ error: 'too-many', message: 'Too many listen already.' });
    listeners += 1;
    reply.hijack();
    const { raw } = reply;
    raw.writeHead(200, { ...reply.getHeaders(), 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' } as Record<string, string>);
    const send = (text: string): void => {
      if (raw.writableLength > mostPiledBytes) raw.destroy();
      else raw.write(text);
    };
    send(': hello\n\n');
    const unsubscribe = surveillance.subscribe((transitions) => {
      for (const { id, kind, atMs, says, incident } of transitions) send(`id: ${id}\nevent: incident\ndata: ${JSON.stringify({ kind, atMs, says, incident })}\n\n`);
    });
    const timer = setInterval(() => send(': still here\n\n'), keepAliveMs);
    request.raw.once('close', () => {
      listeners -= 1;
      clearInterval(timer);
      unsubscribe();
    });
    return reply;
  });
}
