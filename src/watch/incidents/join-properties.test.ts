import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Alarm } from '../../define/alarm.ts';
import type { Topology } from '../../define/topology.ts';
import { legalSteps } from './draft.ts';
import { join } from './join.ts';
import { defaultJoinSettings } from './settings.ts';
import { emptyJoinState, restoreJoinState, type JoinEvent, type JoinState, type Transition } from './state.ts';
import { alarm } from './testing.ts';

const startMs = Date.UTC(2026, 6, 12, 10);
const hosts = ['pve1', 'pve2', 'pve3', 'pve4', 'vm1', 'vm2'];
const topology: Topology = {
  guests: [
    { host: 'vm1', runsOn: 'pve1', object: 'qemu/101' },
    { host: 'vm2', runsOn: 'pve2', object: 'qemu/102' },
  ],
  shared: [
    { name: 'lab', kind: 'cluster', hosts: ['pve1', 'pve2', 'pve3', 'pve4'] },
    { name: 'sw', kind: 'switch', hosts: ['pve3', 'pve4'] },
  ],
  standsOn: [{ host: 'pve1', object: 'qemu/101', on: ['disk/a'] }],
};
const surroundings = { topology, suppressions: [], settings: defaultJoinSettings };

/** One thing on one object: when it begins, how long it lasts (for ever without), and how late both are heard of. */
const trouble = fc.record({
  host: fc.constantFrom(...hosts),
  kind: fc.constantFrom('target-missing', 'load', 'io-delay'),
  object: fc.constantFrom('host', 'disk/a', 'qemu/101', 'cluster/lab'),
  severity: fc.constantFrom('warning' as const, 'critical' as const),
  startS: fc.integer({ min: 0, max: 14_400 }),
  lastsS: fc.option(fc.integer({ min: 1, max: 3_000 }), { nil: undefined }),
  lateS: fc.integer({ min: 0, max: 900 }),
});
type Trouble = typeof trouble extends fc.Arbitrary<infer Value> ? Value : never;

const alarmsOf = (troubles: readonly Trouble[]): { readonly whole: Alarm; readonly arrivesAtMs: number; readonly endsAtMs: number | undefined }[] =>
  troubles.map(({ host, kind, object, severity, startS, lastsS, lateS }, number) => {
    const startedAtMs = startMs + startS * 1_000;
    return { whole: alarm({ id: `a${number}`, host, kind, object, severity, startedAtMs }), arrivesAtMs: startedAtMs + lateS * 1_000, endsAtMs: lastsS === undefined ? undefined : startedAtMs + lastsS * 1_000 };
  });

/** Ends may be heard of before beginnings. Each investigation that is asked for answers by the number of its incident's hosts: a cause, none, or nothing. */
function eventsOf(troubles: readonly Trouble[]): JoinEvent[] {
  return alarmsOf(troubles)
    .flatMap(({ whole, arrivesAtMs, endsAtMs }): JoinEvent[] => [
      { kind: 'raised', atMs: arrivesAtMs, alarm: whole },
      ...(endsAtMs === undefined ? [] : [{ kind: 'resolved' as const, atMs: endsAtMs, alarm: { ...whole, resolvedAtMs: endsAtMs } }]),
    ])
    .sort((one, other) => one.atMs - other.atMs);
}

/** What a store would have: the last of each incident, the incident of each alarm, all that was heard of an alarm. */
function fromStore(state: JoinState, alarms: ReadonlyMap<string, Alarm>): JoinState {
  const saved = [...state.members.values()].map(({ id, arrivedAtMs, incidentId, resolvedAtMs, severity }) => ({
    alarm: { ...alarms.get(id)!, severity, ...(resolvedAtMs === undefined ? {} : { resolvedAtMs }) },
    arrivedAtMs,
    ...(incidentId === undefined ? {} : { incidentId }),
  }));
  return restoreJoinState(
    JSON.parse(JSON.stringify(saved)) as typeof saved,
    JSON.parse(JSON.stringify([...state.incidents.values()])) as { incident: never; bookkeeping: never }[],
    state.lastPassAtMs,
  );
}

function run(troubles: readonly Trouble[], { tickMs = 30_000, hours = 6, restartEvery = 0 } = {}) {
  const events = eventsOf(troubles);
  const alarms = new Map(alarmsOf(troubles).map(({ whole, arrivesAtMs }) => [whole.id, { ...whole, startedAtMs: Math.min(whole.startedAtMs, arrivesAtMs) }]));
  const answers: JoinEvent[] = [];
  const transitions: Transition[] = [];
  let state = emptyJoinState;
  let steps = 0;
  const take = (taken: readonly JoinEvent[]): void => {
    steps += 1;
    if (restartEvery > 0 && steps % restartEvery === 0) state = fromStore(state, alarms);
    const step = join(state, taken, surroundings);
    state = step.state;
    transitions.push(...step.transitions);
    for (const { kind, atMs, incident } of step.transitions) {
      const count = incident.hosts.length;
      if (kind !== 'investigate' || count % 3 === 0) continue;
      answers.push({ kind: 'investigation-started', atMs, incidentId: incident.id });
      const causes = [{ id: `cause-${count}`, title: 'x', probability: 0.9, objects: [] }];
      answers.push({ kind: 'explained', atMs, incidentId: incident.id, explanation: { atMs, host: incident.hosts[0]!, status: count % 3 === 1 ? 'suspected' : 'inconclusive', summary: 'x', causes, caseName: `${atMs}` } });
    }
  };
  for (let nowMs = startMs; nowMs <= startMs + hours * 3_600_000; nowMs += tickMs) {
    while (events.length > 0 && events[0]!.atMs <= nowMs) take([events.shift()!]);
    if (answers.length > 0) take([{ ...answers.shift()!, atMs: nowMs }]);
    take([{ kind: 'tick', atMs: nowMs }]);
  }
  return { state, transitions };
}

const runs = { numRuns: 60 };

describe('joining, whatever happens', () => {
  it('loses no alarm: each ends up in exactly one incident that goes on, and none is ever taken out', { timeout: 300_000 }, () => {
    fc.assert(
      fc.property(fc.array(trouble, { minLength: 1, maxLength: 40 }), (troubles) => {
        const { transitions } = run(troubles);
        const last = new Map<string, Transition>();
        for (const transition of transitions) {
          const before = last.get(transition.incident.id);
          const now = new Set(transition.incident.alarmIds);
          expect(before?.incident.alarmIds.every((id) => now.has(id)) ?? true).toBe(true);
          expect(before?.incident.severity === 'critical' && transition.incident.severity !== 'critical').toBe(false);
          last.set(transition.incident.id, transition);
        }
        const live = [...last.values()].map(({ incident }) => incident).filter(({ mergedInto }) => mergedInto === undefined);
        expect(live.flatMap(({ alarmIds }) => alarmIds).sort()).toEqual(troubles.map((_, number) => `a${number}`).sort());
        const worst = new Map(alarmsOf(troubles).map(({ whole }) => [whole.id, whole]));
        for (const incident of live) {
          expect(incident.severity).toBe(incident.alarmIds.some((id) => worst.get(id)!.severity === 'critical') ? 'critical' : 'warning');
          expect(new Set(incident.hosts)).toEqual(new Set(incident.alarmIds.map((id) => worst.get(id)!.host)));
        }
      }),
      runs,
    );
  });

  it('goes only from states to those that may follow, tells a thread from its beginning to its end, and resolves nothing that stands', { timeout: 300_000 }, () => {
    fc.assert(
      fc.property(fc.array(trouble, { minLength: 1, maxLength: 30 }), (troubles) => {
        const { transitions, state } = run(troubles);
        const byIncident = Map.groupBy(transitions, ({ incident }) => incident.id);
        for (const steps of byIncident.values()) {
          expect(steps.map(({ bookkeeping }) => bookkeeping.sequence)).toEqual(steps.map((_, index) => index + 1));
          const states = ['open' as const, ...steps.map(({ incident }) => incident.state)];
          for (const [index, next] of states.entries()) {
            const before = states[index - 1];
            if (before !== undefined && before !== next) expect(legalSteps[before]).toContain(next);
          }
          const told = steps.flatMap(({ notification }) => notification ?? []);
          expect(told.join(' ')).toMatch(/^((opened|reopened)( (changed|explained))*( resolved)? ?)*$/);
        }
        for (const member of state.members.values()) {
          if (member.resolvedAtMs === undefined && member.incidentId !== undefined) expect(state.incidents.get(member.incidentId)?.incident.state).not.toBe('resolved');
        }
      }),
      runs,
    );
  });

  it('comes to the same whatever the order in which alarms arrive while they wait', { timeout: 300_000 }, () => {
    const early = trouble.map((one) => ({ ...one, startS: one.startS % 600, lastsS: undefined, lateS: 0 }));
    const shuffled = fc.array(early, { minLength: 2, maxLength: 25 }).chain((troubles) => fc.tuple(fc.constant(troubles), fc.shuffledSubarray(troubles.map((_, index) => index), { minLength: troubles.length })));
    fc.assert(
      fc.property(shuffled, ([troubles, order]) => {
        const alarms = alarmsOf(troubles).map(({ whole }) => whole);
        const arriveAtMs = startMs + 600_000;
        const result = (indexes: readonly number[]) => {
          const events: JoinEvent[] = indexes.map((index, place) => ({ kind: 'raised', atMs: arriveAtMs + place * 700, alarm: alarms[index]! }));
          const { state } = join(emptyJoinState, [...events, { kind: 'tick', atMs: arriveAtMs + 40_000 }], surroundings);
          return [...state.incidents.values()].map(({ incident: { id, title, alarmIds, hosts, severity, startedAtMs } }) => ({ id, title, alarmIds, hosts, severity, startedAtMs })).sort((one, other) => (one.id < other.id ? -1 : 1));
        };
        expect(result(order)).toEqual(result(alarms.map((_, index) => index)));
      }),
      runs,
    );
  });

  it('goes on after a restart from what was saved as if nothing had happened', { timeout: 300_000 }, () => {
    fc.assert(
      fc.property(fc.array(trouble, { minLength: 1, maxLength: 25 }), fc.integer({ min: 1, max: 50 }), (troubles, restartEvery) => {
        const short = (transitions: readonly Transition[]): string[] => transitions.map(({ id, kind, atMs, notification }) => `${id} ${kind} ${atMs} ${notification}`);
        expect(short(run(troubles, { restartEvery }).transitions)).toEqual(short(run(troubles).transitions));
      }),
      { numRuns: 30 },
    );
  });
});
