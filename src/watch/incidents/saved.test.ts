import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { describe, expect, it } from 'vitest';
import { incidentPage, openAffairs } from '../../store/incidents.ts';
import { openStore } from '../../store/open.ts';
import { recordStep } from '../../store/record.ts';
import { changesBetween } from './changes.ts';
import { join } from './join.ts';
import { defaultJoinSettings } from './settings.ts';
import { bookkeepingSchema, emptyJoinState, restoreJoinState, type JoinEvent, type Transition } from './state.ts';
import { makeStorm } from './testing.ts';

/** A storm in steps of two seconds, its alarms over ten minutes later but for one in ten; every so many steps, all is forgotten and read from the store. */
async function run(folder: string, seed: number, restartEvery: number): Promise<{ readonly said: string[]; readonly alarmCount: number; readonly saved: string[] }> {
  const storm = makeStorm(seed, { alarmCount: 300, faultCount: 4 });
  const surroundings = { topology: storm.topology, suppressions: [], settings: defaultJoinSettings };
  const firstMs = storm.alarms[0]!.arrivesAtMs;
  const events: JoinEvent[] = storm.alarms
    .flatMap(({ alarm, arrivesAtMs }, index): JoinEvent[] => [
      { kind: 'raised', atMs: arrivesAtMs, alarm },
      ...(index % 10 === 0 ? [] : [{ kind: 'resolved' as const, atMs: arrivesAtMs + 600_000, alarm: { ...alarm, resolvedAtMs: alarm.resolvedAtMs ?? arrivesAtMs + 600_000 } }]),
    ])
    .sort((one, other) => one.atMs - other.atMs);
  const store = await openStore(joinPath(folder, `store-${seed}-${restartEvery}.sqlite`), { asServer: true });
  const transitions: Transition[] = [];
  let state = emptyJoinState;
  let steps = 0;
  for (let nowMs = firstMs; nowMs <= firstMs + 1_200_000; nowMs += nowMs < firstMs + 120_000 ? 2_000 : 60_000) {
    steps += 1;
    if (restartEvery > 0 && steps % restartEvery === 0) {
      const { alarms, incidents } = await store.read((db) => openAffairs(db, nowMs - defaultJoinSettings.forgetMs, bookkeepingSchema));
      state = restoreJoinState(alarms, incidents);
    }
    const due = events.splice(0, events.filter(({ atMs }) => atMs <= nowMs).length);
    const taken: JoinEvent[] = [...due.map((event) => ({ ...event, atMs: nowMs })), { kind: 'tick', atMs: nowMs }];
    const after = join(state, taken, surroundings);
    await recordStep(store, { ...changesBetween(state, after.state, taken), events: after.transitions, messages: [] });
    state = after.state;
    transitions.push(...after.transitions);
  }
  const saved = await store.read((db) => incidentPage(db, { limit: 100 }));
  const inStore = saved.filter(({ mergedInto }) => mergedInto === undefined).flatMap(({ alarmIds }) => alarmIds);
  await store.close();
  return { said: transitions.map(({ id, kind, atMs, notification, incident }) => `${id} ${kind} ${atMs} ${notification} ${incident.state} ${incident.alarmIds.length} ${incident.title}`), alarmCount: storm.alarms.length, saved: inStore };
}

describe('joining and the store', () => {
  it('goes on from what was saved as if the server had never ended, and has every alarm in one incident', { timeout: 900_000 }, async () => {
    const folder = mkdtempSync(joinPath(tmpdir(), 'culprit-joining-'));
    try {
      for (const seed of [5, 6]) {
        const [never, often] = [await run(folder, seed, 0), await run(folder, seed, 3)];
        expect(often.said).toEqual(never.said);
        expect(often.said.length).toBeGreaterThan(8);
        expect(new Set(often.saved).size).toBe(often.alarmCount);
        expect(often.saved.length).toBe(often.alarmCount);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
