import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { SMTPServer } from 'smtp-server';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { alarmSchema } from '../../src/define/alarm.ts';
import { incidentSchema } from '../../src/define/incident.ts';
import { openEmbeddedHistory } from '../../src/history/embedded/embedded-history.ts';
import { seededRandom } from '../../src/lib/testing.ts';
import { alertOf, alertSender, alertSettings, receivedId } from './alerts.ts';
import { adminOf, ServerProcess, until } from './server-process.ts';

const kills = Number(process.env['CULPRIT_SERVER_KILLS'] ?? 5);
const flushSeconds = 1;
/** Beside the flush interval, for the flush itself on a machine that is busy. */
const flushTakesMs = 2_000;

/** How the mail server behaves: well, refusing, silent, or dying within a message. */
const manners = ['well', 'refuses', 'hangs', 'dies'] as const;

/** A mail server with bad days, which stays at its port. */
async function fickleMailServer(): Promise<{ readonly port: number; readonly taken: { readonly messageId: string }[]; manner: (typeof manners)[number]; stop: () => Promise<void> }> {
  const taken: { messageId: string }[] = [];
  const sockets = new Set<Socket>();
  const server = new SMTPServer({
    disabledCommands: ['AUTH'],
    hideSTARTTLS: true,
    onConnect: (_session, done) => {
      if (self.manner === 'refuses') done(new Error('421 too busy'));
      else if (self.manner !== 'hangs') done();
    },
    onData: (stream, _session, done) => {
      const pieces: Buffer[] = [];
      stream.on('data', (piece: Buffer) => pieces.push(piece));
      stream.on('end', () => {
        if (self.manner === 'dies') {
          for (const socket of sockets) socket.destroy();
          return;
        }
        taken.push({ messageId: /^message-id: *(\S+)/im.exec(Buffer.concat(pieces).toString('utf8'))?.[1] ?? '' });
        done();
      });
    },
  });
  server.on('error', () => undefined);
  server.server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const self = { port: (server.server.address() as AddressInfo).port, taken, manner: 'well' as (typeof manners)[number], stop: (): Promise<void> => new Promise((resolve) => server.close(() => resolve())) };
  return self;
}

const server = new ServerProcess();
const closers: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const close of closers) await close();
  await server.remove();
});

describe(`a server that is killed ${kills} times under load`, () => {
  it('loses no sample older than its flush, no alarm, no incident and no mail', { timeout: 120_000 + kills * 30_000 }, async () => {
    const random = seededRandom(Number(process.env['CULPRIT_SEED'] ?? 20_261_123));
    const mail = await fickleMailServer();
    closers.push(mail.stop);
    let count = 0;
    const shown: { readonly value: number; readonly atMs: number }[] = [];
    const page = createServer((_, response) => {
      count += 1;
      response.on('finish', ((value: number) => () => shown.push({ value, atMs: Date.now() }))(count));
      response.setHeader('content-type', 'text/plain; version=0.0.4').end(`node_load5 ${count}\n`);
    });
    await new Promise<void>((resolve) => page.listen(0, '127.0.0.1', resolve));
    closers.push(async () => page.close());
    const settings = {
      hosts: [{ name: 'web1', exporters: [{ url: `http://127.0.0.1:${(page.address() as AddressInfo).port}/metrics`, intervalSeconds: 1, timeoutSeconds: 1 }] }],
      history: { flushSeconds },
      alertmanager: alertSettings,
      channels: [{ type: 'email', name: 'mail', host: '127.0.0.1', port: mail.port, tls: 'none', from: 'culprit@example.org', to: ['admin@example.org'], gatherSeconds: 0, digestAbove: 1_000, rateLimit: { messages: 10_000, seconds: 1 } }],
    };
    const acknowledged: string[] = [];
    const killedAtMs: number[] = [];
    let token: string | undefined;
    let made = 0;
    const load = async (send: (alerts: readonly object[]) => Promise<void>): Promise<void> => {
      for (;;) {
        made += 1;
        const startedAtMs = Date.now() - 1_000;
        // Hosts that nobody knows share nothing: each alert is an incident of its own.
        const alert = { id: `f${made}`, kind: 'HighLoad', host: `h${made}`, object: 'host', severity: 'warning' as const, startedAtMs };
        await send([alertOf(alert)]);
        acknowledged.push(receivedId(alert));
        await new Promise((resolve) => setTimeout(resolve, 100 + random() * 400));
      }
    };
    for (let kill = 0; kill < kills; kill += 1) {
      mail.manner = manners[Math.floor(random() * manners.length)]!;
      const started = await server.start(settings);
      token ??= started.token;
      const admin = kill === 0 ? await adminOf(started.address, token) : await adminOf(started.address, undefined);
      // The load ends with the server that it is on.
      const loaded = load(await alertSender(started.address, admin)).catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 500 + random() * 5_000));
      killedAtMs.push(Date.now());
      await server.end('SIGKILL');
      await loaded;
    }
    mail.manner = 'well';
    const { address } = await server.start(settings);
    const admin = await adminOf(address, undefined);
    const ask = async (path: string): Promise<unknown> => (await fetch(`${address}/api/v1/${path}`, { headers: admin })).json();
    const { alarms } = z.object({ alarms: z.array(alarmSchema) }).parse(await ask('alarms'));
    const known = new Set(alarms.map(({ id }) => id));
    expect(acknowledged.filter((id) => !known.has(id))).toEqual([]);
    expect(acknowledged.length).toBeGreaterThan(kills);
    const allIncidents = async (): Promise<z.infer<typeof incidentSchema>[]> => {
      const found: z.infer<typeof incidentSchema>[] = [];
      for (let page = ''; ; page = `&beforeMs=${found.at(-1)!.openedAtMs}&afterId=${encodeURIComponent(found.at(-1)!.id)}`) {
        const some = z.object({ incidents: z.array(incidentSchema) }).parse(await ask(`incidents?limit=200${page}`)).incidents;
        found.push(...some);
        if (some.length === 0) return found;
      }
    };
    // An alarm waits a while for others before it is an incident.
    const incidents = await until(async () => {
      const found = await allIncidents();
      const held = new Set(found.flatMap(({ alarmIds }) => alarmIds));
      return acknowledged.every((id) => held.has(id)) ? found : undefined;
    }, 'all alarms in incidents', 60_000);
    const live = incidents.filter(({ mergedInto }) => mergedInto === undefined);
    // Told once the incident is opened; what was opened last has the longest way.
    await until(() => (new Set(mail.taken.map(({ messageId }) => messageId)).size >= live.length ? true : undefined), `${live.length} mails (there are ${mail.taken.length})`, 100_000);
    const twice = mail.taken.length - new Set(mail.taken.map(({ messageId }) => messageId)).size;
    expect(twice).toBeLessThanOrEqual(kills);
    expect(await server.end('SIGTERM')).toBe(0);
    const history = await openEmbeddedHistory(join(server.folder, 'data', 'history'), { clock: () => Date.now() });
    try {
      // A grid of seconds would leave out one of two looks that fall into one of them.
      const [series] = await history.ofHost('web1').series({ metric: 'node_load5' }, shown[0]!.atMs - 10_000, Date.now(), 0.1);
      const kept = new Set(series?.values);
      const lost = shown.filter(({ value, atMs }) => !kept.has(value) && !killedAtMs.some((killMs) => atMs <= killMs && atMs > killMs - flushSeconds * 1_000 - flushTakesMs));
      expect(lost).toEqual([]);
      process.stderr.write(`${kills} kills: ${acknowledged.length} alerts, ${live.length} incidents, ${mail.taken.length} mails (${twice} twice), ${shown.length} samples shown, ${kept.size} kept\n`);
    } finally {
      await history.close();
    }
  });
});
