import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { alarmKinds, catalog } from '../catalog/index.ts';
import type { Notification } from '../define/notification.ts';
import { Outbox } from '../notify/outbox.ts';
import { digestOf } from '../notify/render.ts';
import { casePage } from '../store/knowledge.ts';
import { openStore, type Store } from '../store/open.ts';
import { saveSuppression } from '../store/suppressions.ts';
import type { Finding } from './investigations/explain.ts';
import { OutboxInStore } from './outbox-in-store.ts';
import { watchSettingsSchema } from './settings.ts';
import { SimulatedClock } from './sources/testing.ts';
import { Surveillance, type SurveillanceOptions } from './surveillance.ts';

const startMs = Date.UTC(2026, 10, 3, 2);
const folder = mkdtempSync(join(tmpdir(), 'culprit-surveillance-'));
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const alert = (name: string, host: string, status: 'firing' | 'resolved', atMs: number) => ({
  status,
  labels: { alertname: name, severity: 'warning', instance: `${host}:9100` },
  annotations: { summary: `${name} on ${host}` },
  startsAt: new Date(startMs - 30_000).toISOString(),
  endsAt: status === 'resolved' ? new Date(atMs).toISOString() : '0001-01-01T00:00:00Z',
  fingerprint: createHash('sha256').update(`${name} ${host}`).digest('hex').slice(0, 16),
});
const body = (...alerts: readonly object[]): string => JSON.stringify({ version: '4', status: 'firing', alerts });

const identified = (host: string, atMs: number): Finding & { saved: { name: string; host: string; startedAtMs: number; sizeBytes: number; status: string; summary: string } } => ({
  explanation: { atMs, host, status: 'identified', summary: 'ZFS encrypts slowly.', causes: [{ id: 'zfs-crypto-unaccelerated', title: 'ZFS encrypts on a slower path', probability: 0.97, objects: ['storage/pve1/tank'] }], caseName: 'pve1.tgz' },
  saved: { name: 'pve1.tgz', host, startedAtMs: atMs, sizeBytes: 10, status: 'identified', summary: 'ZFS encrypts slowly.' },
});

interface World {
  readonly clock: SimulatedClock;
  readonly surveillance: Surveillance;
  readonly store: Store;
  readonly told: Notification[];
  readonly looked: string[];
  /** Lets so many seconds pass, and all that follows from them happen. */
  readonly pass: (seconds: number) => Promise<void>;
  readonly end: () => Promise<void>;
}

async function world(path: string, clock: SimulatedClock, more: Partial<SurveillanceOptions> = {}): Promise<World> {
  const store = await openStore(path, { asServer: true });
  const told: Notification[] = [];
  const looked: string[] = [];
  const outbox = new Outbox({
    store: new OutboxInStore(store),
    channels: [{ channel: { name: 'mail', deliver: async (notification) => (told.push(notification), { outcome: 'delivered' }) }, limits: { timeoutMs: 1_000, gatherMs: 0, gatherMostMs: 0 }, wants: () => true }],
    clock: { nowMs: () => clock.nowMs(), sleep: (_, signal) => new Promise((resolve) => (signal.aborted ? resolve() : signal.addEventListener('abort', () => resolve()))) },
    random: () => 0.5,
    digestOf: (notifications, atMs) => digestOf(notifications, atMs, 'UTC'),
  });
  await outbox.start();
  const surveillance = new Surveillance({
    settings: watchSettingsSchema.parse({ hosts: [{ name: 'pve1' }, { name: 'pve2', investigate: false }] }),
    catalog,
    kinds: alarmKinds,
    clock,
    store,
    outbox,
    historyOf: async () => undefined,
    casesFolder: folder,
    culpritVersion: '0',
    news: { timeZone: 'UTC', urlOf: () => undefined },
    chance: () => 0.5,
    log: () => undefined,
    lookAt: async (host) => {
      looked.push(host.name);
      return identified(host.name, clock.nowMs());
    },
    ...more,
  });
  await surveillance.start();
  const pass = async (seconds: number): Promise<void> => {
    for (let second = 0; second < seconds; second += 1) {
      await clock.advance(1_000);
      for (let turn = 0; turn < 6; turn += 1) await setImmediate();
    }
  };
  const end = async (): Promise<void> => {
    await surveillance.stop();
    await outbox.stop();
    await store.close();
  };
  return { clock, surveillance, store, told, looked, pass, end };
}

/** Alerts are acknowledged when they are saved, which needs time to pass. */
async function receive({ surveillance, pass }: World, text: string): Promise<void> {
  const received = surveillance.receiveAlerts(text);
  await pass(2);
  await received;
}

describe('the whole of watching', () => {
  it('makes one message with the verdict of two alarms, keeps the case, and tells when it is over', async () => {
    const clock = new SimulatedClock(startMs);
    const one = await world(join(folder, 'verdict.sqlite'), clock);
    closers.push(one.end);
    await receive(one, body(alert('HighIoWait', 'pve1', 'firing', startMs), alert('HighLoad', 'pve1', 'firing', startMs)));
    await one.pass(40);
    expect(one.looked).toEqual(['pve1']);
    expect(one.told.map(({ kind, subject }) => [kind, subject])).toEqual([['opened', '[Culprit] pve1: ZFS encrypts on a slower path (97 %)']]);
    expect(one.told[0]?.alarms).toHaveLength(2);
    expect(await one.store.read((db) => casePage(db, { limit: 10 }))).toMatchObject([{ name: 'pve1.tgz', host: 'pve1', incidentId: one.told[0]?.incidentId }]);
    await receive(one, body(alert('HighIoWait', 'pve1', 'resolved', clock.nowMs()), alert('HighLoad', 'pve1', 'resolved', clock.nowMs())));
    await one.pass(400);
    expect(one.told.map(({ kind }) => kind)).toEqual(['opened', 'resolved']);
    expect(one.surveillance.incidents.standingAlarms()).toEqual([]);
  });

  it('looks at no host that it may not look at, and says so', async () => {
    const one = await world(join(folder, 'closed.sqlite'), new SimulatedClock(startMs));
    closers.push(one.end);
    await receive(one, body(alert('HighLoad', 'pve2', 'firing', startMs), alert('HighLoad', 'unknown.example', 'firing', startMs)));
    await one.pass(100);
    expect(one.looked).toEqual([]);
    expect(one.told.map(({ kind, hosts }) => [kind, hosts])).toEqual([['opened', ['pve2']], ['opened', ['unknown.example']]]);
    expect(one.surveillance.incidents.incidents().map(({ explanations }) => explanations[0]?.summary)).toEqual(['None of the hosts is one that Culprit may look at: pve2.', 'None of the hosts is one that Culprit may look at: unknown.example.']);
  });

  it('tells nobody during a silence, and all that still stands after it', async () => {
    const clock = new SimulatedClock(startMs);
    const one = await world(join(folder, 'silence.sqlite'), clock);
    closers.push(one.end);
    await one.store.write((db) => saveSuppression(db, { id: 's', kind: 'silence', hosts: ['pve1'], alarmKinds: [], objects: [], reason: 'known', startsAtMs: startMs - 1, endsAtMs: startMs + 300_000, createdBy: 'anna' }));
    await one.surveillance.incidents.readSuppressions(startMs);
    await receive(one, body(alert('HighLoad', 'pve1', 'firing', startMs)));
    await one.pass(200);
    expect([one.looked, one.told]).toEqual([['pve1'], []]);
    await one.pass(120);
    expect(one.told.map(({ kind }) => kind)).toEqual(['opened']);
  });

  it('looks again at what a server that was ended had begun to look at, and goes on with its thread', async () => {
    const clock = new SimulatedClock(startMs);
    const path = join(folder, 'again.sqlite');
    const first = await world(path, clock, { lookAt: (_host, _symptoms, _options, signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve(identified('pve1', 0)))) });
    await receive(first, body(alert('HighLoad', 'pve1', 'firing', startMs)));
    await first.pass(100);
    expect(first.surveillance.investigations.counts).toEqual({ waiting: 0, running: 1 });
    expect(first.told.map(({ kind }) => kind)).toEqual(['opened']);
    await first.end();
    const second = await world(path, clock);
    closers.push(second.end);
    await second.pass(5);
    expect(second.looked).toEqual(['pve1']);
    expect(second.told.map(({ kind, incidentId }) => [kind, incidentId])).toEqual([['explained', first.told[0]?.incidentId]]);
  });
});
