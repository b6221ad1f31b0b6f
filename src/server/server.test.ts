import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alarmKinds, catalog } from '../catalog/index.ts';
import { serverSettingsSchema } from '../settings/server.ts';
import { startServer, type RunningServer } from './start.ts';
import { logIn } from './testing.ts';

const folder = mkdtempSync(join(tmpdir(), 'culprit-server-'));
const password = 'correct horse battery';
const logged: string[] = [];
let server: RunningServer;
beforeAll(async () => {
  const settings = serverSettingsSchema.parse({ hosts: [{ name: 'pve1' }], http: { port: 0 }, timeZone: 'UTC' });
  server = await startServer({ settings, dataFolder: join(folder, 'data'), catalog, kinds: alarmKinds, version: '0.0.0', log: (_level, says) => void logged.push(says) });
}, 60_000);
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
  readonly text: string;
}

async function ask(method: string, path: string, { body, headers = {} }: { readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> } = {}): Promise<Answer> {
  const answer = await fetch(`${server.address}${path}`, { method, headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) }, ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }) });
  const text = await answer.text();
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    parsed = undefined;
  }
  return { status: answer.status, headers: answer.headers, body: parsed, text };
}

const login = (name: string): ReturnType<typeof logIn> => logIn(server.address, name, password);

describe('the server', () => {
  it('makes its first admin by the token of the first start, once', async () => {
    const person = { token: server.firstStartToken, name: 'anna', password };
    expect((await ask('POST', '/api/v1/first-start', { body: { ...person, token: 'guess' } })).status).toBe(403);
    expect((await ask('POST', '/api/v1/first-start', { body: { ...person, password: 'short' } })).status).toBe(400);
    expect((await ask('POST', '/api/v1/first-start', { body: person })).status).toBe(201);
    expect((await ask('POST', '/api/v1/first-start', { body: { ...person, name: 'eve' } })).status).toBe(403);
  });

  it('shows nothing to who is not logged in but that it lives', async () => {
    for (const path of ['incidents', 'alarms', 'hosts', 'status', 'suppressions', 'users', 'tokens', 'events', 'cases/a.tgz']) expect((await ask('GET', `/api/v1/${path}`)).status, path).toBe(401);
    expect((await ask('GET', '/metrics')).status).toBe(401);
    expect(await ask('GET', '/healthz')).toMatchObject({ status: 200, body: { status: 'ok' } });
    expect(await ask('GET', '/readyz')).toMatchObject({ status: 200, body: { status: 'ready' } });
  });

  it('wants more than a cookie for what changes something', async () => {
    const { cookie = '', 'x-culprit-csrf': csrf = '' } = await login('anna');
    const silence = { kind: 'silence', hosts: ['pve1'], reason: 'known', endsAtMs: Date.now() + 60_000 };
    expect((await ask('POST', '/api/v1/suppressions', { headers: { cookie }, body: silence })).status).toBe(403);
    expect((await ask('POST', '/api/v1/suppressions', { headers: { cookie, 'x-culprit-csrf': `${csrf}x` }, body: silence })).status).toBe(403);
    const made = await ask('POST', '/api/v1/suppressions', { headers: { cookie, 'x-culprit-csrf': csrf }, body: silence });
    expect(made).toMatchObject({ status: 201, body: { kind: 'silence', createdBy: 'anna' } });
    expect(await ask('GET', '/api/v1/suppressions', { headers: { cookie } })).toMatchObject({ body: { suppressions: [{ reason: 'known' }] } });
    expect((await ask('DELETE', `/api/v1/suppressions/${(made.body as { id: string }).id}`, { headers: { cookie, 'x-culprit-csrf': csrf } })).status).toBe(204);
    expect(await ask('GET', '/api/v1/suppressions', { headers: { cookie } })).toMatchObject({ body: { suppressions: [] } });
  });

  it('refuses silences of nothing, without an end, or of the past', async () => {
    const headers = await login('anna');
    const post = (more: object) => ask('POST', '/api/v1/suppressions', { headers, body: { kind: 'silence', reason: 'known', endsAtMs: Date.now() + 60_000, hosts: ['pve1'], ...more } });
    expect(await post({ hosts: [] })).toMatchObject({ status: 400, body: { message: 'name at least one host, kind of alarm or object' } });
    expect((await post({ endsAtMs: undefined })).status).toBe(400);
    expect((await post({ endsAtMs: Date.now() - 1 })).status).toBe(400);
    expect((await post({ reason: '' })).status).toBe(400);
  });

  it('lets people do what their role allows, and ends their sessions with their password', async () => {
    const admin = await login('anna');
    const add = (name: string, role: string) => ask('POST', '/api/v1/users', { headers: admin, body: { name, role, password } });
    expect((await add('vera', 'viewer')).status).toBe(201);
    expect((await add('vera', 'admin')).status).toBe(409);
    expect((await add('x', 'king')).status).toBe(400);
    const viewer = await login('vera');
    expect((await ask('GET', '/api/v1/incidents', { headers: viewer })).status).toBe(200);
    expect((await ask('POST', '/api/v1/incidents/i/mitigated', { headers: viewer })).status).toBe(403);
    expect((await ask('GET', '/api/v1/users', { headers: viewer })).status).toBe(403);
    expect((await ask('PUT', '/api/v1/users/vera/password', { headers: admin, body: { password: `${password}!` } })).status).toBe(204);
    expect((await ask('GET', '/api/v1/incidents', { headers: viewer })).status).toBe(401);
    expect((await ask('DELETE', '/api/v1/users/anna', { headers: admin })).status).toBe(409);
    expect((await ask('DELETE', '/api/v1/users/vera', { headers: admin })).status).toBe(204);
    expect((await ask('POST', '/api/v1/session', { body: { name: 'vera', password: `${password}!` } })).status).toBe(401);
  });

  it('locks a name after five wrong passwords, also for the right one', async () => {
    const admin = await login('anna');
    await ask('POST', '/api/v1/users', { headers: admin, body: { name: 'otto', role: 'viewer', password } });
    for (let guess = 0; guess < 5; guess += 1) expect((await ask('POST', '/api/v1/session', { body: { name: 'otto', password: `guess ${guess}` } })).status).toBe(401);
    expect(await ask('POST', '/api/v1/session', { body: { name: 'otto', password } })).toMatchObject({ status: 429, body: { error: 'locked' } });
    expect(logged).toContain('The login of otto is locked after 5 wrong passwords.');
  }, 60_000);

  it('gives tokens out once, for what they are for, and takes them back', async () => {
    const admin = await login('anna');
    const { secret } = (await ask('POST', '/api/v1/tokens', { headers: admin, body: { name: 'prometheus', scopes: ['read'] } })).body as { secret: string };
    const bearer = { authorization: `Bearer ${secret}` };
    expect((await ask('GET', '/metrics', { headers: bearer })).status).toBe(200);
    expect((await ask('POST', '/api/v1/tokens', { headers: bearer, body: { name: 'more', scopes: ['admin'] } })).status).toBe(403);
    const list = await ask('GET', '/api/v1/tokens', { headers: admin });
    expect(list.text).not.toContain(secret);
    expect((await ask('DELETE', '/api/v1/tokens/prometheus', { headers: admin })).status).toBe(204);
    expect((await ask('GET', '/metrics', { headers: bearer })).status).toBe(401);
  });

  it('answers what it does not understand with what is wrong, and never with a stack', async () => {
    const headers = await login('anna');
    expect(await ask('GET', '/nothing')).toMatchObject({ status: 404, body: { error: 'not-found' } });
    expect(await ask('GET', '/api/v1/incidents/none', { headers })).toMatchObject({ status: 404 });
    expect(await ask('GET', '/api/v1/incidents?limit=many', { headers })).toMatchObject({ status: 400, body: { error: 'not-understood' } });
    expect(await ask('POST', '/api/v1/suppressions', { headers, body: '{"kind":' })).toMatchObject({ status: 400 });
    expect(await ask('GET', '/api/v1/hosts/pve9/readings', { headers })).toMatchObject({ status: 404 });
    for (const name of ['..%2Fstate.sqlite', '%2e%2e', '..%2f..%2fetc%2fpasswd', 'a.sqlite']) expect([400, 404]).toContain((await ask('GET', `/api/v1/cases/${name}`, { headers })).status);
    expect((await ask('POST', '/api/v1/session', { body: `"${'x'.repeat(9_000_000)}"` })).status).toBe(413);
  });

  it('sends what nothing may frame, guess or keep', async () => {
    const { headers } = await ask('GET', '/healthz');
    expect(Object.fromEntries(headers)).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY', 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
  });

  it('sets its cookie so that no script and no other site gets at it', async () => {
    const { headers } = await ask('POST', '/api/v1/session', { body: { name: 'anna', password } });
    expect(headers.get('set-cookie')).toMatch(/^culprit_session=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/);
  });

  it('describes all of its addresses by OpenAPI', async () => {
    const { openapi, paths } = (await ask('GET', '/api/v1/openapi.json')).body as { openapi: string; paths: Record<string, object> };
    expect(openapi).toMatch(/^3\./);
    expect(Object.keys(paths)).toEqual(expect.arrayContaining(['/healthz', '/readyz', '/api/v1/incidents', '/api/v1/incidents/{id}', '/api/v1/alarms', '/api/v1/hosts', '/api/v1/suppressions', '/api/v1/alertmanager', '/api/v1/session', '/api/v1/tokens', '/api/v1/events']));
  });

  const promtool = existsSync('/usr/bin/promtool');
  it.skipIf(!promtool)('has metrics that promtool finds nothing to say against', async () => {
    const { text } = await ask('GET', '/metrics', { headers: await login('anna') });
    expect(text).toContain('culprit_build_info{version="0.0.0"} 1\n');
    expect(spawnSync('/usr/bin/promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
  });

  it('tells what happens to incidents as it happens', { timeout: 60_000 }, async () => {
    const headers = await login('anna');
    const abort = new AbortController();
    const stream = await fetch(`${server.address}/api/v1/events`, { headers, signal: abort.signal });
    expect(stream.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    const alert = { status: 'firing', labels: { alertname: 'HighLoad', instance: 'pve1' }, startsAt: new Date(Date.now() - 1_000).toISOString(), fingerprint: 'abc' };
    expect((await ask('POST', '/api/v1/alertmanager', { headers, body: { version: '4', status: 'firing', alerts: [alert] } })).status).toBe(200);
    let seen = '';
    for await (const piece of stream.body!.pipeThrough(new TextDecoderStream())) {
      seen += piece;
      if (seen.includes('"kind":"opened"')) break;
    }
    abort.abort();
    expect(seen).toMatch(/^: hello\n\n(?:: still here\n\n)*id: [^\n]+\nevent: incident\ndata: \{"kind":"opened"/);
  });
});
