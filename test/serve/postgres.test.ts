import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { alarmSchema } from '../../src/define/alarm.ts';
import { incidentSchema } from '../../src/define/incident.ts';
import { closeServers, mailServer } from '../../src/notify/email/testing.ts';
import { postgresMissing, startCluster } from '../../src/store/testing.ts';
import { alertOf, alertSender, alertSettings, receivedId } from './alerts.ts';
import { adminOf, ServerProcess, until } from './server-process.ts';

const crashes = 3;
const missing = postgresMissing();
const server = new ServerProcess();
const closers: (() => unknown)[] = [closeServers];
afterAll(async () => {
  await server.remove();
  for (const close of closers) await close();
});

const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('a server whose PostgreSQL crashes and comes back', () => {
  it.skipIf(missing !== undefined)('says so, goes on by itself, and loses no alarm, no incident and no mail that it acknowledged', { timeout: 300_000 }, async () => {
    const cluster = await startCluster();
    closers.push(() => cluster.stop());
    const { port, mails } = await mailServer();
    const { address, token } = await server.start({
      database: await cluster.newDatabase(),
      hosts: [{ name: 'web1', addresses: ['192.0.2.1'] }],
      alertmanager: alertSettings,
      channels: [{ type: 'email', name: 'mail', host: '127.0.0.1', port, tls: 'none', from: 'culprit@example.org', to: ['admin@example.org'], gatherSeconds: 0, digestAbove: 1_000, rateLimit: { messages: 10_000, seconds: 1 } }],
    });
    const headers = await adminOf(address, token);
    const send = await alertSender(address, headers);
    const acknowledged: string[] = [];
    let refused = 0;
    const ended = new AbortController();
    const load = (async () => {
      for (let made = 1; !ended.signal.aborted; made += 1) {
        const alert = { id: `f${made}`, kind: 'HighLoad', host: `h${made}`, object: 'host', severity: 'warning' as const, startedAtMs: Date.now() - 1_000 };
        // Alertmanager sends again what was not taken.
        for (let taken = false; !taken && !ended.signal.aborted; ) {
          taken = await Promise.race([send([alertOf(alert)]).then(() => true, () => false), sleep(10_000).then(() => false)]);
          if (!taken) refused += 1;
          await sleep(200);
          if (taken) acknowledged.push(receivedId(alert));
        }
      }
    })();
    for (let crash = 0; crash < crashes; crash += 1) {
      await sleep(3_000);
      const before = acknowledged.length;
      cluster.crash();
      await until(async () => ((await fetch(`${address}/readyz`)).status === 503 ? true : undefined), 'that it says that it cannot save', 30_000);
      expect((await fetch(`${address}/healthz`)).status).toBe(200);
      await cluster.start();
      await until(async () => ((await fetch(`${address}/readyz`)).status === 200 && acknowledged.length > before + 2 ? true : undefined), 'that it goes on', 60_000);
    }
    ended.abort();
    await load;
    const ask = async (path: string): Promise<unknown> => (await fetch(`${address}/api/v1/${path}`, { headers })).json();
    const { alarms } = z.object({ alarms: z.array(alarmSchema) }).parse(await ask('alarms'));
    const known = new Set(alarms.map(({ id }) => id));
    expect(acknowledged.filter((id) => !known.has(id))).toEqual([]);
    const live = await until(async () => {
      const { incidents } = z.object({ incidents: z.array(incidentSchema) }).parse(await ask('incidents?limit=200'));
      const held = new Set(incidents.flatMap(({ alarmIds }) => alarmIds));
      return acknowledged.every((id) => held.has(id)) ? incidents.filter(({ mergedInto }) => mergedInto === undefined) : undefined;
    }, 'all alarms in incidents', 60_000);
    const distinct = (): number => new Set(mails.map(({ raw }) => /^message-id: *(\S+)/im.exec(raw)?.[1])).size;
    await until(() => (distinct() >= live.length ? true : undefined), `${live.length} mails`, 100_000);
    const twice = mails.length - distinct();
    expect(twice).toBeLessThanOrEqual(crashes);
    expect(await server.end('SIGTERM')).toBe(0);
    process.stderr.write(`${crashes} crashes of PostgreSQL: ${acknowledged.length} alerts taken, ${refused} tries not, ${live.length} incidents, ${mails.length} mails (${twice} twice)\n`);
  });
});
