import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { alarmById } from './alarms.ts';
import { forgetIncidents, incidentById, incidentPage } from './incidents.ts';
import { openStore, type Store } from './open.ts';
import { eventsOfIncident, recordStep } from './record.ts';
import { backends } from './testing.ts';
import { alarm, incident, nowMs } from './testing-records.ts';

describe.each(backends())('the store on $name', ({ missing, start, where, stop }) => {
  let store: Store;
  beforeAll(async () => {
    if (missing === undefined) await start();
  }, 600_000);
  beforeEach(async () => {
    if (missing === undefined) store = await openStore(await where(), { asServer: true });
  }, 60_000);
  afterEach(async () => {
    if (missing === undefined) await store.close();
  });
  afterAll(stop, 120_000);

  it.skipIf(missing !== undefined)('forgets incidents that were over long ago, with their log and the alarms that no other has', async () => {
    const over = (id: string, alarmIds: readonly string[], resolvedAtMs: number) => ({ incident: incident(id, alarmIds, { state: 'resolved', resolvedAtMs }), bookkeeping: { sequence: 2 } });
    const ofIncidents = { 'i-old': ['old', 'shared', 'stands'], 'i-new': ['new', 'shared'] };
    await recordStep(store, {
      alarms: [alarm('old', { resolvedAtMs: nowMs + 1 }), alarm('shared', { resolvedAtMs: nowMs + 1 }), alarm('stands'), alarm('new', { resolvedAtMs: nowMs + 9 })].map((one) => ({ alarm: one, arrivedAtMs: nowMs })),
      incidents: [over('i-old', ['old', 'shared', 'stands'], nowMs + 2), over('i-new', ['new', 'shared'], nowMs + 10), { incident: incident('i-open', []), bookkeeping: { sequence: 1 } }],
      members: Object.entries(ofIncidents).flatMap(([incidentId, ids]) => ids.map((alarmId) => ({ incidentId, alarmId }))),
      events: Object.keys(ofIncidents).map((id) => ({ id: `${id}/1`, atMs: nowMs, kind: 'opened', incident: incident(id, []), says: 'opened' })),
      messages: [],
    });
    expect(await store.write((db) => forgetIncidents(db, nowMs + 5))).toBe(1);
    expect(await store.write((db) => forgetIncidents(db, nowMs + 5))).toBe(0);
    expect(await store.read((db) => incidentById(db, 'i-old'))).toBeUndefined();
    expect(await store.read((db) => eventsOfIncident(db, 'i-old'))).toEqual([]);
    expect(await store.read((db) => eventsOfIncident(db, 'i-new'))).toHaveLength(1);
    const left = await Promise.all(['old', 'shared', 'stands', 'new'].map((id) => store.read((db) => alarmById(db, id))));
    expect(left.map((one) => one !== undefined)).toEqual([false, true, true, true]);
    expect((await store.read((db) => incidentPage(db, { limit: 10 }))).map(({ id }) => id).toSorted()).toEqual(['i-new', 'i-open']);
  });
});
