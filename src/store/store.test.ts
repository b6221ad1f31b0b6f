import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Alarm } from '../define/alarm.ts';
import type { Notification } from '../define/notification.ts';
import type { Suppression } from '../define/suppression.ts';
import { alarmById, saveAlarms, standingAlarms } from './alarms.ts';
import { boundedAlarm } from './bounds.ts';
import { incidentById, incidentPage, openAffairs, saveIncidents } from './incidents.ts';
import { casePage, forgetCase, learnedBy, saveCase, saveLearned } from './knowledge.ts';
import { openStore, type Store } from './open.ts';
import { endMessage, enqueue, forgetMessages, lastSequence, loadOutbox, noteAttempt, type QueuedMessage } from './outbox.ts';
import { addSession, addToken, addUser, changePassword, endSession, instanceSetting, removeExpired, removeUser, sessionByHash, setFailedLogins, setInstanceSetting, takeInstanceSetting, tokenByHash, userByName } from './people.ts';
import { eventsOfIncident, recordStep, type StepRecord } from './record.ts';
import { saveSuppression, suppressionsAfter } from './suppressions.ts';
import { backends } from './testing.ts';
import { alarm, incident, nowMs } from './testing-records.ts';

const notification = (id: string, incidentId: string, fields: Partial<Notification> = {}): Notification => ({
  id, kind: 'opened', incidentId, severity: 'warning', atMs: nowMs, subject: 's', summary: 's', text: 't', hosts: ['pve1'], alarms: [], ...fields,
});
const message = (id: string, channel: string, sequence: number, incidentId?: string): QueuedMessage => {
  const { incidentId: _, ...alone } = notification(id, incidentId ?? '');
  return { id, channel, sequence, notification: incidentId === undefined ? alone : { ...alone, incidentId }, enqueuedAtMs: nowMs, attempts: 0, notBeforeMs: 0 };
};
const queue = (store: Store): ReturnType<typeof loadOutbox> => store.read((db) => loadOutbox(db, 100));
const step = (number: number): StepRecord => ({
  alarms: [{ alarm: alarm(`a${number}`), arrivedAtMs: nowMs + number }],
  incidents: [{ incident: incident(`i${number}`, [`a${number}`]), bookkeeping: { sequence: 1 } }],
  members: [{ incidentId: `i${number}`, alarmId: `a${number}` }],
  events: [{ id: `i${number}/1`, atMs: nowMs, kind: 'opened', incident: incident(`i${number}`, []), alarmIds: [`a${number}`], says: 'opened' }],
  messages: ['mail', 'chat'].map((channel, index) => message(`i${number}/1`, channel, 2 * number + index, `i${number}`)),
});
const kept = z.object({ sequence: z.number() });
const hash = (digit: string): string => digit.repeat(64);

describe.each(backends())('the store on $name', ({ missing, start, where, stop }) => {
  beforeAll(async () => {
    if (missing === undefined) await start();
  }, 600_000);
  afterAll(stop, 120_000);
  let store: Store;
  beforeEach(async () => {
    if (missing !== undefined) return;
    store = await openStore(await where(), { asServer: true });
  }, 60_000);
  afterEach(async () => {
    if (missing === undefined) await store.close();
  });

  it.skipIf(missing !== undefined)('saves a step as a whole, and again without any change', async () => {
    await recordStep(store, step(1));
    await recordStep(store, step(1));
    expect(await store.read((db) => incidentById(db, 'i1'))).toEqual(incident('i1', ['a1']));
    expect(await store.read((db) => alarmById(db, 'a1'))).toEqual(alarm('a1'));
    expect(await store.read((db) => eventsOfIncident(db, 'i1'))).toEqual([{ id: 'i1/1', atMs: nowMs, kind: 'opened', says: 'opened' }]);
    expect((await queue(store)).waiting.map(({ id, channel }) => `${channel} ${id}`)).toEqual(['mail i1/1', 'chat i1/1']);
  });

  it.skipIf(missing !== undefined)('takes nothing of a step of which a part cannot be saved', async () => {
    const wrong = { ...step(1), members: [{ incidentId: 'i1', alarmId: 'of nobody' }] };
    await expect(recordStep(store, wrong)).rejects.toThrow(/foreign key/i);
    expect(await store.read((db) => incidentById(db, 'i1'))).toBeUndefined();
    expect(await store.read(standingAlarms)).toEqual([]);
    expect(await queue(store)).toEqual({ waiting: [], ended: [] });
  });

  it.skipIf(missing !== undefined)('keeps the first end of an alarm, its arrival and its severity, whatever comes after', async () => {
    const save = (one: Alarm, arrivedAtMs: number): Promise<void> => store.write((db) => saveAlarms(db, [{ alarm: one, arrivedAtMs }]));
    await save(alarm('a', { severity: 'critical' }), 1);
    await save(alarm('a', { resolvedAtMs: nowMs + 5, value: 50 }), 2);
    await save(alarm('a', { resolvedAtMs: nowMs + 9 }), 3);
    await save(alarm('a'), 4);
    expect(await store.read((db) => alarmById(db, 'a'))).toEqual(alarm('a', { severity: 'critical', resolvedAtMs: nowMs + 5, value: 50 }));
    expect(await store.read((db) => db.selectFrom('alarms').select('arrived_at_ms').execute())).toEqual([{ arrived_at_ms: 1 }]);
  });

  it.skipIf(missing !== undefined)('never overwrites an incident by an older state of it', async () => {
    const save = (sequence: number, title: string): Promise<void> => store.write((db) => saveIncidents(db, [{ incident: incident('i', [], { title }), bookkeeping: { sequence } }]));
    await save(2, 'two');
    await save(1, 'one');
    expect((await store.read((db) => incidentById(db, 'i')))?.title).toBe('two');
    await save(3, 'three');
    expect((await store.read((db) => incidentById(db, 'i')))?.title).toBe('three');
  });

  it.skipIf(missing !== undefined)('gives back what joining goes on with, and not what is over', async () => {
    const resolved = { state: 'resolved' as const, resolvedAtMs: nowMs + 10_000 };
    const merged = incident('newer', [], { ...resolved, resolvedAtMs: nowMs + 90_000, mergedInto: 'open' });
    await recordStep(store, {
      ...step(1),
      alarms: ['stands', 'waits', 'old'].map((id) => ({ alarm: alarm(id, id === 'old' ? { resolvedAtMs: nowMs + 1_000 } : {}), arrivedAtMs: nowMs })),
      incidents: [incident('open', []), incident('over', [], resolved), merged].map((one) => ({ incident: one, bookkeeping: { sequence: 4 } })),
      members: [{ incidentId: 'open', alarmId: 'stands' }, { incidentId: 'newer', alarmId: 'stands' }, { incidentId: 'over', alarmId: 'old' }],
      events: [],
      messages: [],
    });
    const { alarms, incidents } = await store.read((db) => openAffairs(db, nowMs + 30_000, kept));
    expect(incidents.map(({ incident: { id, alarmIds }, bookkeeping }) => [id, alarmIds, bookkeeping.sequence]).sort()).toEqual([['newer', ['stands'], 4], ['open', ['stands'], 4]]);
    expect(alarms.map(({ alarm: { id }, incidentId, arrivedAtMs }) => [id, incidentId, arrivedAtMs]).sort()).toEqual([['stands', 'open', nowMs], ['waits', undefined, nowMs]]);
  });

  it.skipIf(missing !== undefined)('turns the pages of incidents from the newest', async () => {
    await store.write((db) => saveIncidents(db, [1, 2, 3].map((number) => ({ incident: incident(`i${number}`, [], { openedAtMs: nowMs + number }), bookkeeping: { sequence: 1 } }))));
    const page = async (beforeMs?: number): Promise<string[]> => (await store.read((db) => incidentPage(db, { limit: 2, ...(beforeMs === undefined ? {} : { beforeMs }) }))).map(({ id }) => id);
    expect(await page()).toEqual(['i3', 'i2']);
    expect(await page(nowMs + 2)).toEqual(['i1']);
  });

  it.skipIf(missing !== undefined)('loses none at the turn of a page of those that one moment opened', async () => {
    await store.write((db) => saveIncidents(db, ['a', 'b', 'c', 'd', 'e'].map((id) => ({ incident: incident(id, [], { openedAtMs: nowMs }), bookkeeping: { sequence: 1 } }))));
    const seen: string[] = [];
    for (let more: object = {}; ; more = { beforeMs: nowMs, afterId: seen.at(-1)! }) {
      const some = await store.read((db) => incidentPage(db, { limit: 2, ...more }));
      seen.push(...some.map(({ id }) => id));
      if (some.length === 0) break;
    }
    expect(seen).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it.skipIf(missing !== undefined)('keeps messages in their order until each has ended, once, and then what it was about', async () => {
    const [one, two, three] = [message('n1', 'mail', 1, 'i1'), message('n2', 'mail', 2, 'i1'), message('n3', 'chat', 3)];
    await store.write((db) => enqueue(db, [three, two, one]));
    await store.write((db) => enqueue(db, [{ ...one, sequence: 9 }]));
    expect((await queue(store)).waiting).toEqual([one, two, three]);
    await store.write((db) => noteAttempt(db, one, 1, nowMs + 5_000, 'busy\0line'));
    await store.write((db) => endMessage(db, { ...two, atMs: nowMs + 7, how: 'delivered' }));
    await store.write((db) => endMessage(db, { ...three, atMs: nowMs + 6, how: 'refused', reason: 'no such room' }));
    // What has ended neither comes back nor ends again.
    await store.write((db) => endMessage(db, { ...two, atMs: nowMs + 9, how: 'given-up', reason: 'late' }));
    await store.write((db) => enqueue(db, [two]));
    expect(await queue(store)).toEqual({
      waiting: [{ ...one, attempts: 1, notBeforeMs: nowMs + 5_000, lastError: 'busy\ufffdline' }],
      ended: [
        { id: 'n3', channel: 'chat', kind: 'opened', atMs: nowMs + 6, how: 'refused', subject: three.notification.subject, reason: 'no such room' },
        { id: 'n2', channel: 'mail', incidentId: 'i1', kind: 'opened', atMs: nowMs + 7, how: 'delivered', subject: two.notification.subject },
      ],
    });
    expect(await store.read(lastSequence)).toBe(3);
  });

  it.skipIf(missing !== undefined)('remembers who was told of an incident as long as that stands', async () => {
    const [stands, over] = [message('n1', 'mail', 1, 'stands'), message('n2', 'mail', 2, 'over')];
    await store.write((db) => saveIncidents(db, [incident('stands', []), incident('over', [], { state: 'resolved', resolvedAtMs: nowMs })].map((each) => ({ incident: each, bookkeeping: { sequence: 1 } }))));
    await store.write((db) => enqueue(db, [stands, over]));
    for (const each of [stands, over]) await store.write((db) => endMessage(db, { ...each, atMs: nowMs, how: 'delivered' }));
    await store.write((db) => forgetMessages(db, nowMs));
    expect((await queue(store)).ended).toHaveLength(2);
    await store.write((db) => forgetMessages(db, nowMs + 1));
    expect((await queue(store)).ended.map(({ id }) => id)).toEqual(['n1']);
  });

  it.skipIf(missing !== undefined)('keeps texts of hosts as they are, but for what no database takes, and bounded', async () => {
    const odd = `'; drop table alarms; -- \u202e "\\ \0 \ud800 é 漢 🙂`;
    const one = boundedAlarm(alarm('odd', { host: odd, object: odd, says: odd.repeat(1_000), labels: Object.fromEntries([['__proto__', odd], [odd, odd], ...Array.from({ length: 500 }, (_, index) => [`l${index}`, 'x'.repeat(10_000)])]) }));
    await store.write((db) => saveAlarms(db, [{ alarm: one, arrivedAtMs: nowMs }]));
    const back = await store.read((db) => alarmById(db, 'odd'));
    expect(back).toEqual(one);
    expect(back!.host).toBe(`'; drop table alarms; -- \u202e "\\ \ufffd \ufffd é 漢 🙂`);
    expect(Object.keys(one.labels)).toHaveLength(100);
    expect(JSON.stringify(one).length).toBeLessThan(250_000);
    expect(boundedAlarm(one)).toEqual(one);
    await expect(store.write((db) => saveAlarms(db, [{ alarm: alarm('not\nan id'), arrivedAtMs: 1 }]))).rejects.toThrow('not an id');
  });

  it.skipIf(missing !== undefined)('takes two thousand alarms at once', async () => {
    const ids = Array.from({ length: 2_000 }, (_, index) => `a${index}`);
    await recordStep(store, { ...step(1), alarms: ids.map((id) => ({ alarm: alarm(id), arrivedAtMs: nowMs })), members: ids.map((alarmId) => ({ incidentId: 'i1', alarmId })) });
    expect((await store.read((db) => incidentById(db, 'i1')))?.alarmIds).toEqual([...ids].sort());
  });

  it.skipIf(missing !== undefined)('keeps silences and maintenance until they end', async () => {
    const silence: Suppression = { id: 's1', kind: 'silence', hosts: ['pve1'], alarmKinds: [], objects: [], reason: 'known', startsAtMs: nowMs, endsAtMs: nowMs + 1_000, createdBy: 'ada' };
    await store.write((db) => saveSuppression(db, silence));
    expect(await store.read((db) => suppressionsAfter(db, nowMs + 999))).toEqual([silence]);
    await store.write((db) => saveSuppression(db, { ...silence, endsAtMs: nowMs + 500 }));
    expect(await store.read((db) => suppressionsAfter(db, nowMs + 500))).toEqual([]);
    await expect(store.write((db) => saveSuppression(db, { ...silence, hosts: [] }))).rejects.toThrow('name at least one host');
  });

  it.skipIf(missing !== undefined)('keeps the index of cases and what was learned', async () => {
    const entry = { name: 'c1', host: 'pve1', incidentId: 'i1', startedAtMs: nowMs, sizeBytes: 12_345, status: 'identified', summary: 'The disk is slow.' };
    await store.write((db) => saveCase(db, entry));
    await store.write((db) => saveCase(db, { ...entry, name: 'c2', startedAtMs: nowMs + 1 }));
    expect((await store.read((db) => casePage(db, { limit: 10 }))).map((one) => one.name)).toEqual(['c2', 'c1']);
    await store.write((db) => forgetCase(db, 'c2'));
    expect(await store.read((db) => casePage(db, { incidentId: 'i1', limit: 10 }))).toEqual([entry]);
    await store.write((db) => saveLearned(db, 'load', 'pve1', 1, nowMs, { hours: [1.5, null] }));
    await store.write((db) => saveLearned(db, 'load', 'pve1', 2, nowMs, { hours: [2] }));
    expect(await store.read((db) => learnedBy(db, 'load', 1))).toEqual(new Map());
    expect(await store.read((db) => learnedBy(db, 'load', 2))).toEqual(new Map([['pve1', { hours: [2] }]]));
  });

  it.skipIf(missing !== undefined)('keeps users, sessions and tokens by hashes, and refuses what is none', async () => {
    const user = { name: 'ada', role: 'admin', passwordHash: `scrypt$${'x'.repeat(60)}`, createdAtMs: nowMs };
    expect(await store.write((db) => addUser(db, user))).toBe(true);
    expect(await store.write((db) => addUser(db, user))).toBe(true);
    expect(await store.write((db) => addUser(db, { ...user, passwordHash: `scrypt$${'y'.repeat(60)}` }))).toBe(false);
    await expect(store.write((db) => addUser(db, { ...user, name: 'bob', passwordHash: 'secret' }))).rejects.toThrow('not the hash');
    const row = (await store.read((db) => userByName(db, 'ada')))!;
    for (let twice = 0; twice < 2; twice += 1) await store.write((db) => setFailedLogins(db, row, row.failed_logins + 1, nowMs + 5));
    expect(await store.read((db) => userByName(db, 'ada'))).toMatchObject({ failed_logins: 1, locked_until_ms: nowMs + 5 });
    expect(await store.read((db) => userByName(db, 'a\0da'))).toBeUndefined();
    const session = { secret_hash: hash('a'), user_name: 'ada', created_at_ms: nowMs, expires_at_ms: nowMs + 100 };
    await store.write((db) => addSession(db, session));
    expect(await store.read((db) => sessionByHash(db, hash('a'), nowMs))).toEqual(session);
    expect(await store.read((db) => sessionByHash(db, hash('a'), nowMs + 100))).toBeUndefined();
    await store.write((db) => addSession(db, { ...session, secret_hash: hash('b') }));
    await store.write((db) => endSession(db, hash('b')));
    expect(await store.read((db) => sessionByHash(db, hash('b'), nowMs))).toBeUndefined();
    await store.write((db) => changePassword(db, 'ada', `scrypt$${'z'.repeat(60)}`));
    expect(await store.read((db) => sessionByHash(db, hash('a'), nowMs))).toBeUndefined();
    await store.write((db) => addSession(db, session));
    await store.write((db) => removeUser(db, 'ada'));
    expect(await store.read((db) => sessionByHash(db, hash('a'), nowMs))).toBeUndefined();
    const token = { name: 'ci', scopes: ['read'], createdBy: 'ada', createdAtMs: nowMs, expiresAtMs: nowMs + 50 };
    await store.write((db) => addToken(db, hash('c'), token));
    expect(await store.read((db) => tokenByHash(db, hash('c'), nowMs))).toEqual(token);
    expect(await store.read((db) => tokenByHash(db, hash('c'), nowMs + 50))).toBeUndefined();
    await store.write((db) => removeExpired(db, nowMs + 50));
    expect(await store.read((db) => db.selectFrom('tokens').selectAll().execute())).toEqual([]);
  });

  it.skipIf(missing !== undefined)('lets one of two who use a one-time token in', async () => {
    await store.write((db) => setInstanceSetting(db, 'first-start', hash('d')));
    expect(await store.read((db) => instanceSetting(db, 'first-start'))).toBe(hash('d'));
    expect(await store.write((db) => takeInstanceSetting(db, 'first-start', hash('e')))).toBe(false);
    const taken = await Promise.all([1, 2].map(() => store.write((db) => takeInstanceSetting(db, 'first-start', hash('d')))));
    expect(taken.filter((one) => one)).toHaveLength(1);
  });
});
