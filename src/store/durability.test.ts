import { spawn } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore, type Store } from './open.ts';
import { recordStep, type StepRecord } from './record.ts';
import { backends } from './testing.ts';

const rounds = 20;
const nowMs = Date.UTC(2026, 6, 12, 10);

/**
 * One step: a new alarm for one of five incidents, of which it is the next transition, with an event and a notification for two channels. The function is also what the
 * child process runs, as text.
 */
function step(number: number, startMs: number): StepRecord {
  const id = `i${number % 5}`;
  const sequence = Math.floor(number / 5) + 1;
  const incident = { id, state: 'open' as const, title: `after ${number}`, severity: 'warning' as const, startedAtMs: startMs, openedAtMs: startMs, updatedAtMs: startMs + number, hosts: ['pve1'], alarmIds: [], explanations: [] };
  return {
    alarms: [{ alarm: { id: `a${number}`, kind: 'load', host: 'pve1', object: 'host', severity: 'warning', source: 'culprit', startedAtMs: startMs + number, raisedAtMs: startMs + number, says: 'x'.repeat(2_000), labels: {} }, arrivedAtMs: startMs + number }],
    incidents: [{ incident, bookkeeping: { sequence } }],
    members: [{ incidentId: id, alarmId: `a${number}` }],
    events: [{ id: `${id}/${sequence}`, atMs: startMs + number, kind: 'joined', incident, says: 'joined' }],
    messages: ['mail', 'chat'].map((channel, index) => ({ id: `${id}/${sequence}`, channel, sequence: 2 * number + index, enqueuedAtMs: startMs + number, attempts: 0, notBeforeMs: 0, notification: { id: `${id}/${sequence}`, kind: 'changed', incidentId: id, severity: 'warning', atMs: startMs + number, subject: 's', summary: 's', text: 't', hosts: [], alarms: [] } })),
  };
}

const childProgram = `
  import { writeSync } from 'node:fs';
  const [folder, where, from] = process.argv.slice(1);
  const { openStore } = await import(folder + '/open.ts');
  const { recordStep } = await import(folder + '/record.ts');
  const step = ${step.toString()};
  const store = await openStore(where, { asServer: true });
  writeSync(1, 'ready\\n');
  for (let number = Number(from); ; number += 1) {
    await recordStep(store, step(number, ${nowMs}));
    writeSync(1, number + '\\n');
  }`;

/** Lets a process write steps until it is killed in the midst of them; returns how many were acknowledged in all, since the first. */
async function writeUntilKilled(where: string, from: number, afterMs: number): Promise<number> {
  const child = spawn(process.execPath, ['--no-warnings', '--input-type=module', '-e', childProgram, pathToFileURL(join(import.meta.dirname)).href, where, String(from)], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [printed, complained] = ['', ''];
  child.stderr.on('data', (chunk: Buffer) => (complained += chunk.toString()));
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      const wasReady = printed.includes('\n');
      printed += chunk.toString();
      if (!wasReady && printed.includes('\n')) resolve();
    });
    child.once('close', () => reject(new Error(`it ended by itself: ${complained}`)));
  });
  await new Promise((resolve) => setTimeout(resolve, afterMs));
  child.kill('SIGKILL');
  await ended;
  const numbers = printed.split('\n').slice(1, -1).map(Number);
  return numbers.length === 0 ? from : numbers.at(-1)! + 1;
}

/** How many steps are there, after making sure that each is there as a whole, and none twice or after a gap. */
async function wholeSteps(store: Store): Promise<number> {
  return store.read(async (db) => {
    const alarms = await db.selectFrom('alarms').select('id').execute();
    const events = await db.selectFrom('events').select('id').execute();
    const members = await db.selectFrom('incident_members').selectAll().execute();
    const outbox = await db.selectFrom('outbox').select(['id', 'channel']).execute();
    const incidents = await db.selectFrom('incidents').select(['id', 'sequence', 'body']).execute();
    const count = alarms.length;
    const steps = Array.from({ length: count }, (_, number) => step(number, nowMs));
    expect(alarms.map(({ id }) => id).sort()).toEqual(steps.map(({ alarms: [one] }) => one!.alarm.id).sort());
    expect(events.map(({ id }) => id).sort()).toEqual(steps.map(({ events: [one] }) => one!.id).sort());
    expect(members.map(({ incident_id, alarm_id }) => `${incident_id} ${alarm_id}`).sort()).toEqual(steps.map(({ members: [one] }) => `${one!.incidentId} ${one!.alarmId}`).sort());
    expect(outbox.map(({ id, channel }) => `${id} ${channel}`).sort()).toEqual(steps.flatMap(({ events: [one] }) => [`${one!.id} chat`, `${one!.id} mail`]).sort());
    const last = new Map(steps.map(({ incidents: [one] }) => [one!.incident.id, one!]));
    expect(incidents.map(({ id, sequence, body }) => [id, sequence, (JSON.parse(body) as { title: string }).title]).sort()).toEqual([...last].map(([id, { incident, bookkeeping }]) => [id, bookkeeping.sequence, incident.title]).sort());
    return count;
  });
}

describe.each(backends())('what $name acknowledged', ({ name, missing, start, where, stop, cluster }) => {
  beforeAll(async () => {
    if (missing === undefined) await start();
  }, 600_000);
  afterAll(stop, 120_000);

  it.skipIf(missing !== undefined)(`is there after the server was killed ${rounds} times, whole and once`, { timeout: 3_600_000 }, async () => {
    const address = await where();
    let seed = 7;
    const random = (): number => (seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
    let acknowledged = 0;
    let unacknowledged = 0;
    for (let round = 0; round < rounds; round += 1) {
      acknowledged = await writeUntilKilled(address, acknowledged, 300 * random());
      const store = await openStore(address, { asServer: true });
      const count = await wholeSteps(store);
      await store.close();
      expect(count).toBeGreaterThanOrEqual(acknowledged);
      expect(count).toBeLessThanOrEqual(acknowledged + 1);
      if (count > acknowledged) unacknowledged += 1;
    }
    process.stdout.write(`${name}: killed ${rounds} times, ${acknowledged} steps acknowledged, all there and whole; ${unacknowledged} more were there before they were acknowledged\n`);
    expect(acknowledged).toBeGreaterThan(0);
  });

  if (cluster === undefined) return;
  it.skipIf(missing !== undefined)('is there once after the database crashed and was started again; what was under way is done, or fails and says so', { timeout: 1_800_000 }, async () => {
    const address = await where();
    const store = await openStore(address, { asServer: true, patience: { tries: 60, firstWaitMs: 50, longestWaitMs: 5_000 } });
    const progress = { next: 0, stopping: false };
    const writing = (async () => {
      while (!progress.stopping) {
        await recordStep(store, step(progress.next, nowMs));
        progress.next += 1;
      }
    })();
    const fiveMore = async (): Promise<void> => {
      const target = progress.next + 5;
      while (progress.next < target) await new Promise((resolve) => setTimeout(resolve, 10));
    };
    for (let crashes = 0; crashes < 3; crashes += 1) {
      await fiveMore();
      cluster().crash();
      await new Promise((resolve) => setTimeout(resolve, 300));
      await cluster().start();
    }
    await fiveMore();
    progress.stopping = true;
    await writing;
    expect(await wholeSteps(store)).toBe(progress.next);
    expect(store.lost.aborted).toBe(false);
    await expect(openStore(address, { asServer: true, patience: { tries: 1, firstWaitMs: 1, longestWaitMs: 1 } })).rejects.toMatchObject({ code: 'store-in-use' });
    await store.close();

    const hasty = await openStore(address, { asServer: true, patience: { tries: 2, firstWaitMs: 10, longestWaitMs: 10 } });
    cluster().crash();
    await expect(recordStep(hasty, step(progress.next, nowMs))).rejects.toMatchObject({ code: 'store-not-reachable' });
    await cluster().start();
    await hasty.close();
  });

  it.skipIf(missing !== undefined)('stays with the server that has the place: one that lost it to another is told to end', { timeout: 300_000 }, async () => {
    const store = await openStore(await where(), { asServer: true });
    const lost = new Promise<unknown>((resolve) => store.lost.addEventListener('abort', () => resolve(store.lost.reason)));
    await store.read((db) => sql`update instance_settings set value = '77' where name = 'server-generation'`.execute(db));
    await store.read((db) => sql`select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory'`.execute(db));
    expect(await lost).toMatchObject({ code: 'store-in-use' });
    await expect(recordStep(store, step(0, nowMs))).rejects.toMatchObject({ code: 'store-in-use' });
    await store.close();
  });
});
