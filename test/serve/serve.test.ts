import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { alarmSchema } from '../../src/define/alarm.ts';
import { incidentSchema } from '../../src/define/incident.ts';
import { closeServers, mailServer } from '../../src/notify/email/testing.ts';
import { adminOf, ServerProcess, until } from './server-process.ts';

const json = { 'content-type': 'application/json' };
const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});
afterAll(closeServers);

function serverProcess(): ServerProcess {
  const server = new ServerProcess();
  closers.push(() => server.remove());
  return server;
}

/** A page like node_exporter's, at a port that stays the same. */
async function exporter(port = 0): Promise<{ readonly port: number; readonly stop: () => Promise<void> }> {
  const server: Server = createServer((_, response) => response.setHeader('content-type', 'text/plain; version=0.0.4').end('node_load5 0.5\nnode_cpu_seconds_total{cpu="0",mode="idle"} 100\n'));
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const stop = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  closers.push(stop);
  return { port: (server.address() as AddressInfo).port, stop };
}

/** What the addresses that are asked here answer. */
const answer = z.object({
  hosts: z.array(z.union([z.string(), z.object({ newestSampleAtMs: z.number().optional() })])).transform((hosts) => hosts.flatMap((host) => (typeof host === 'string' ? [] : [host]))).default([]),
  alarms: z.array(alarmSchema).default([]),
  incidents: z.array(incidentSchema).default([]),
  log: z.array(z.object({ kind: z.string() })).default([]),
});
const quick = { evaluateSeconds: 1, kinds: { 'target-missing': { forSeconds: 1, clearSeconds: 1 } } };

describe('culprit serve', { timeout: 120_000 }, () => {
  it('mails that a target is missing, once, though it is killed in the middle, and knows the alarm again afterwards', async () => {
    const { port: smtp, mails } = await mailServer();
    const page = await exporter();
    const settings = {
      hosts: [{ name: 'web1', exporters: [{ url: `http://127.0.0.1:${page.port}/metrics`, intervalSeconds: 1, timeoutSeconds: 1 }] }],
      alarms: quick,
      channels: [{ type: 'email', name: 'mail', host: '127.0.0.1', port: smtp, tls: 'none', from: 'culprit@example.org', to: ['admin@example.org'], gatherSeconds: 0 }],
    };
    const server = serverProcess();
    const first = await server.start(settings);
    const headers = await adminOf(first.address, first.token);
    const ask = async (address: string, path: string): Promise<z.infer<typeof answer>> => answer.parse(await (await fetch(`${address}/api/v1/${path}`, { headers })).json());
    await until(async () => ((await ask(first.address, 'hosts')).hosts[0]?.newestSampleAtMs === undefined ? undefined : true), 'samples', 20_000);
    expect((await ask(first.address, 'alarms')).alarms).toEqual([]);

    await page.stop();
    await until(async () => (await ask(first.address, 'alarms')).alarms[0], 'the alarm', 20_000);
    await server.end('SIGKILL');
    const second = await server.start(settings);
    expect(second.token).toBeUndefined();
    const alarms = (await ask(second.address, 'alarms')).alarms;
    expect(alarms).toMatchObject([{ kind: 'target-missing', host: 'web1', object: 'host', severity: 'critical', source: 'culprit' }]);

    const mail = await until(() => mails[0], 'the mail', 60_000);
    expect(mail.raw).toContain('Subject: [Culprit] web1: Target missing');
    expect(mail.raw).toContain('web1 could not be looked at: its settings name no target');
    const { incidents } = await ask(second.address, 'incidents');
    expect(incidents).toMatchObject([{ hosts: ['web1'], severity: 'critical', alarmIds: [alarms[0]!.id] }]);
    const { log } = await ask(second.address, `incidents/${encodeURIComponent(incidents[0]!.id)}`);
    expect(log.map(({ kind }) => kind)).toEqual(['opened', 'investigate', 'investigating', 'unexplained', 'tell']);

    await exporter(page.port);
    await until(async () => ((await ask(second.address, 'alarms')).alarms.length === 0 ? true : undefined), 'the end of the alarm', 20_000);
    expect(mails).toHaveLength(1);
    expect(await server.end('SIGTERM')).toBe(0);
  });

  it('takes alerts of an Alertmanager, with a token that may do nothing else', async () => {
    const server = serverProcess();
    const { address, token } = await server.start({ hosts: [{ name: 'pve1', exporters: [] }] });
    const headers = await adminOf(address, token);
    const made = await fetch(`${address}/api/v1/tokens`, { method: 'POST', headers: { ...headers, ...json }, body: JSON.stringify({ name: 'alertmanager', scopes: ['alerts'] }) });
    const { secret } = (await made.json()) as { secret: string };
    const bearer = { authorization: `Bearer ${secret}`, ...json };
    const alert = { status: 'firing', labels: { alertname: 'HighIoWait', severity: 'warning', instance: 'pve1:9100' }, annotations: { summary: 'iowait is 40 %' }, startsAt: new Date(Date.now() - 60_000).toISOString(), endsAt: '0001-01-01T00:00:00Z', fingerprint: 'abcdef0123456789' };
    const send = (body: unknown): Promise<Response> => fetch(`${address}/api/v1/alertmanager`, { method: 'POST', headers: bearer, body: JSON.stringify(body) });
    expect(await (await send({ version: '4', status: 'firing', alerts: [alert] })).json()).toEqual({ taken: 1 });
    const { alarms } = (await (await fetch(`${address}/api/v1/alarms`, { headers })).json()) as { alarms: object[] };
    expect(alarms).toMatchObject([{ kind: 'HighIoWait/warning', host: 'pve1', source: 'alertmanager', says: 'iowait is 40 %' }]);
    expect((await send({ version: '3' })).status).toBe(400);
    expect((await fetch(`${address}/api/v1/alarms`, { headers: bearer })).status).toBe(403);
    expect(await (await send({ version: '4', status: 'resolved', alerts: [{ ...alert, status: 'resolved', endsAt: new Date().toISOString() }] })).json()).toEqual({ taken: 1 });
    expect(await (await fetch(`${address}/api/v1/alarms`, { headers })).json()).toEqual({ alarms: [] });
  });

  it('mails that it takes no samples when its own disk has no room', async () => {
    const { port: smtp, mails } = await mailServer();
    const page = await exporter();
    const settings = {
      hosts: [{ name: 'web1', exporters: [{ url: `http://127.0.0.1:${page.port}/metrics`, intervalSeconds: 1, timeoutSeconds: 1 }] }],
      channels: [{ type: 'email', name: 'mail', host: '127.0.0.1', port: smtp, tls: 'none', from: 'culprit@example.org', to: ['admin@example.org'], gatherSeconds: 0 }],
    };
    const server = serverProcess();
    const first = await server.start({ ...settings, history: { reserveMegabytes: 1e12, flushSeconds: 1 } });
    const headers = await adminOf(first.address, first.token);
    const mail = await until(() => mails[0], 'the mail', 90_000);
    expect(mail.raw).toContain('Subject: [Culprit] culprit-server: Culprit takes no samples');
    expect(mail.raw).toContain('No samples are kept until there is room');
    await server.end('SIGTERM');
    const second = await server.start(settings);
    await until(async () => (answer.parse(await (await fetch(`${second.address}/api/v1/alarms`, { headers })).json()).alarms.length === 0 ? true : undefined), 'the end of the alarm', 20_000);
    const { incidents } = answer.parse(await (await fetch(`${second.address}/api/v1/incidents`, { headers })).json());
    expect(incidents).toMatchObject([{ hosts: ['culprit-server'], explanations: [{ summary: expect.stringContaining('This is trouble of Culprit itself') }] }]);
  });
});
