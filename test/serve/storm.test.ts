import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { incidentSchema } from '../../src/define/incident.ts';
import { closeServers, headersOf, mailServer } from '../../src/notify/email/testing.ts';
import { makeStorm } from '../../src/watch/incidents/testing.ts';
import { alertOf, alertSender, alertSettings } from './alerts.ts';
import { adminOf, ServerProcess, until } from './server-process.ts';

const server = new ServerProcess();
afterAll(async () => {
  closeServers();
  await server.remove();
});

/** So long after the last alarm all has to be told. */
const toldWithinSeconds = 30;

describe('a storm of 2,000 alarms in a minute over 50 hosts', () => {
  it('is one incident and one mail for each fault, and no alarm is lost', { timeout: 240_000 }, async () => {
    const startMs = Date.now();
    const { topology, faults, alarms } = makeStorm(20_261_123, { startMs });
    const { port, mails } = await mailServer();
    const nodes = [...new Set(topology.shared.flatMap(({ hosts }) => hosts))];
    const placed = new Map(topology.guests.map(({ host, runsOn, object }) => [host, { host: runsOn, object }]));
    const settings = {
      hosts: nodes.map((name) => ({ name, ...(placed.has(name) ? { runsOn: placed.get(name) } : {}) })),
      shared: topology.shared,
      alertmanager: alertSettings,
      channels: [{ type: 'email', name: 'mail', host: '127.0.0.1', port, tls: 'none', from: 'culprit@example.org', to: ['admin@example.org'] }],
    };
    const { address, token } = await server.start(settings);
    const admin = await adminOf(address, token);
    const send = await alertSender(address, admin);
    // The time that the server took to start is not the storm's.
    const lateMs = Date.now() - startMs;
    const waiting = [...alarms];
    let lastMs = 0;
    for (const fromMs = Date.now(); waiting.length > 0; ) {
      const now = waiting.splice(0, waiting.filter(({ arrivesAtMs }) => arrivesAtMs - startMs <= Date.now() - fromMs).length).map(({ alarm }) => ({ ...alarm, startedAtMs: alarm.startedAtMs + lateMs }));
      if (now.length > 0) {
        await send(now.map((alarm) => alertOf(alarm)));
        // What came and went was told of twice.
        const gone = now.filter(({ resolvedAtMs }) => resolvedAtMs !== undefined);
        if (gone.length > 0) await send(gone.map((alarm) => alertOf(alarm, 'resolved')));
        lastMs = performance.now();
      }
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    const threads = (): Map<string, number> => {
      const counts = new Map<string, number>();
      for (const { raw } of mails) {
        const headers = headersOf(raw);
        const thread = headers.get('references') ?? headers.get('message-id') ?? '';
        counts.set(thread, (counts.get(thread) ?? 0) + 1);
      }
      return counts;
    };
    await until(() => (threads().size >= faults.length ? true : undefined), `${faults.length} mails (there are ${mails.length})`, toldWithinSeconds * 1_000 - (performance.now() - lastMs));
    const toldSeconds = (performance.now() - lastMs) / 1_000;
    const answer = z.object({ incidents: z.array(incidentSchema) }).parse(await (await fetch(`${address}/api/v1/incidents?limit=200`, { headers: admin })).json());
    const live = answer.incidents.filter(({ mergedInto }) => mergedInto === undefined);
    expect(live).toHaveLength(faults.length);
    expect(new Set(live.flatMap(({ alarmIds }) => alarmIds)).size).toBe(alarms.length);
    expect([...threads().values()]).toEqual(faults.map(() => 1));
    expect(toldSeconds).toBeLessThan(toldWithinSeconds);
    process.stderr.write(`2,000 alarms of ${faults.length} faults: ${live.length} incidents, ${mails.length} mails, the last ${toldSeconds.toFixed(1)} s after the last alarm\n`);
  });
});
