import { Kysely, sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Alarm } from '../define/alarm.ts';
import { alarmById, saveAlarms, standingAlarms } from './alarms.ts';
import { migrations } from './migrations/index.ts';
import { openStore, type Store } from './open.ts';
import { postgresDialect } from './postgres.ts';
import { sqliteDialect } from './sqlite.ts';
import { saveSuppression } from './suppressions.ts';
import type { Tables } from './tables.ts';
import { backends } from './testing.ts';

const one: Alarm = { id: 'a1', kind: 'load', host: 'pve1', object: 'host', severity: 'warning', source: 'culprit', startedAtMs: 1, raisedAtMs: 2, says: 'x', labels: {} };
const saveOne = (store: Store): Promise<void> => store.write((db) => saveAlarms(db, [{ alarm: one, arrivedAtMs: 3 }]));
/** The tables of each kind of database that was seen: they have to be the same. */
const shapes: unknown[] = [];

describe.each(backends())('opening a store on $name', ({ name, missing, start, where, stop }) => {
  beforeAll(async () => {
    if (missing === undefined) await start();
  }, 600_000);
  afterAll(stop, 120_000);
  let store: Store;
  let address: string;
  beforeEach(async () => {
    if (missing !== undefined) return;
    address = await where();
    store = await openStore(address, { asServer: true });
  }, 60_000);
  afterEach(async () => {
    if (missing === undefined) await store.close();
  });

  it.skipIf(missing !== undefined)('has one server at a time; a command may look in beside it', { timeout: 120_000 }, async () => {
    await saveOne(store);
    await expect(openStore(address, { asServer: true, patience: { tries: 1, firstWaitMs: 1, longestWaitMs: 1 } })).rejects.toMatchObject({ code: 'store-in-use' });
    const beside = await openStore(address, { asServer: false });
    expect(await beside.read(standingAlarms)).toHaveLength(1);
    await beside.write((db) => saveSuppression(db, { id: 's', kind: 'silence', hosts: ['pve1'], alarmKinds: [], objects: [], reason: 'x', startsAtMs: 1, endsAtMs: 2, createdBy: 'x' }));
    await beside.close();
    await store.close();
    const next = await openStore(address, { asServer: true });
    expect(await next.read(standingAlarms)).toHaveLength(1);
    await next.close();
  });

  it.skipIf(missing !== undefined)('lets a server that another has replaced write nothing', { timeout: 60_000 }, async () => {
    await store.read((db) => sql`update instance_settings set value = '999' where name = 'server-generation'`.execute(db));
    await expect(saveOne(store)).rejects.toMatchObject({ code: 'store-in-use' });
    expect(await store.read(standingAlarms)).toEqual([]);
  });

  it.skipIf(missing !== undefined)('is not opened by a version that is older than its tables', async () => {
    await store.read((db) => sql`insert into kysely_migration (name, timestamp) values ('9999-later', '2030')`.execute(db));
    await store.close();
    await expect(openStore(address, { asServer: true })).rejects.toMatchObject({ code: 'store-newer' });
  });

  it.skipIf(missing !== undefined)('gets from any version to today\'s with what was in it, and to the same tables', async () => {
    const fresh = await where();
    const db = new Kysely<Tables>({ dialect: name === 'sqlite' ? sqliteDialect(fresh) : postgresDialect(fresh) });
    const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
    const [first] = Object.keys(migrations);
    expect((await migrator.migrateTo(first!)).error).toBeUndefined();
    await saveAlarms(db, [{ alarm: one, arrivedAtMs: 5 }]);
    for (const target of Object.keys(migrations).slice(1)) {
      expect((await migrator.migrateTo(target)).error).toBeUndefined();
      expect(await alarmById(db, 'a1')).toEqual(one);
    }
    const tables = await db.introspection.getTables();
    const shape = Object.fromEntries(tables.filter(({ name }) => !name.startsWith('kysely')).map(({ name, columns }) => [name, columns.map((column) => `${column.name}${column.isNullable ? '?' : ''} ${column.dataType.replace('int8', 'bigint').toLowerCase()}`).sort()]));
    await db.destroy();
    expect(Object.keys(shape).sort()).toEqual(['alarms', 'cases', 'events', 'incident_members', 'incidents', 'instance_settings', 'learned_state', 'outbox', 'sessions', 'suppressions', 'tokens', 'users']);
    shapes.push(shape);
    for (const other of shapes) expect(shape).toEqual(other);
  });

  it.skipIf(missing !== undefined)('says what is wrong with an address or a file', async () => {
    const wait = { tries: 2, firstWaitMs: 1, longestWaitMs: 1 };
    await expect(openStore('mysql://x', { asServer: true })).rejects.toMatchObject({ code: 'store-address-not-understood' });
    await expect(openStore('postgres://[', { asServer: true })).rejects.toMatchObject({ code: 'store-address-not-understood' });
    await expect(openStore('/nowhere/at/all/store.sqlite', { asServer: true })).rejects.toMatchObject({ code: 'store-not-usable' });
    await expect(openStore('postgres://culprit:hidden@127.0.0.1:1/x', { asServer: true, patience: wait })).rejects.toMatchObject({ code: 'store-not-reachable' });
    if (name === 'postgres') await expect(openStore((await where()).replace(/[^/]*$/, 'not-there'), { asServer: true, patience: wait })).rejects.toMatchObject({ code: 'store-not-permitted' });
  });
});
