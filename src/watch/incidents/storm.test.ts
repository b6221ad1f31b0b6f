import { describe, expect, it } from 'vitest';
import { defaultJoinSettings } from './settings.ts';
import { emptyJoinState, type JoinEvent, type JoinState, type Transition } from './state.ts';
import { disjointSets } from './disjoint-sets.ts';
import { join } from './join.ts';
import { makeStorm, type Storm } from './testing.ts';

interface Course {
  readonly state: JoinState;
  readonly transitions: readonly Transition[];
  /** Time of a CPU that joining took: the clock on the wall would measure what else the machine does. */
  readonly tookMs: number;
}

/** The storm as it arrives, a tick each second, until two minutes after its end; each investigation answers after eight seconds. */
function run({ alarms, topology }: Storm): Course {
  const surroundings = { topology, suppressions: [], settings: defaultJoinSettings };
  const firstMs = alarms[0]!.arrivesAtMs;
  const lastMs = alarms.at(-1)!.arrivesAtMs;
  const answers: JoinEvent[] = [];
  const transitions: Transition[] = [];
  let state = emptyJoinState;
  let next = 0;
  const before = process.cpuUsage();
  for (let nowMs = firstMs; nowMs <= lastMs + 120_000; nowMs += 1_000) {
    const events: JoinEvent[] = [];
    for (; next < alarms.length && alarms[next]!.arrivesAtMs <= nowMs; next += 1) {
      const { alarm, arrivesAtMs } = alarms[next]!;
      events.push({ kind: alarm.resolvedAtMs === undefined ? 'raised' : 'resolved', atMs: arrivesAtMs, alarm });
    }
    while (answers.length > 0 && answers[0]!.atMs <= nowMs) events.push(answers.shift()!);
    const step = join(state, [...events, { kind: 'tick', atMs: nowMs }], surroundings);
    state = step.state;
    transitions.push(...step.transitions);
    for (const { incident } of step.transitions.filter(({ kind }) => kind === 'investigate')) {
      const causes = [{ id: 'x', title: 'x', probability: 1, objects: [] }];
      answers.push({ kind: 'explained', atMs: nowMs + 8_000, incidentId: incident.id, explanation: { atMs: nowMs, host: incident.hosts[0]!, status: 'identified', summary: 'A cause.', causes, caseName: 'c' } });
    }
  }
  const { user, system } = process.cpuUsage(before);
  return { state, transitions, tookMs: (user + system) / 1_000 };
}

/** Faults that touch: on one host, or on a node and its guest. By time and place they are one, and are counted as one. */
function touching({ faults, topology }: Storm): number[] {
  const places = faults.map(({ hosts }) => new Set([...hosts, ...topology.guests.filter(({ host }) => hosts.includes(host)).map(({ runsOn }) => runsOn)]));
  const sets = disjointSets(faults.length);
  for (const [one, place] of places.entries()) for (const [other, { hosts }] of faults.entries()) if (hosts.some((host) => place.has(host))) sets.unite(one, other);
  return faults.map((_, fault) => sets.find(fault));
}

/** Whether the live incidents are exactly the faults, and what went how. */
function judge(storm: Storm, { state, transitions, tookMs }: Course) {
  const live = [...state.incidents.values()].map(({ incident }) => incident).filter(({ mergedInto }) => mergedInto === undefined);
  const groups = touching(storm);
  const faultOf = new Map(storm.alarms.map(({ alarm, fault }) => [alarm.id, groups[fault]!]));
  const expected = new Set(groups).size;
  const pure = live.every(({ alarmIds }) => new Set(alarmIds.map((id) => faultOf.get(id))).size === 1);
  const inOne = live.flatMap(({ alarmIds }) => alarmIds).sort();
  const lost = storm.alarms.length - new Set(inOne).size;
  const firstHeard = new Map<number, number>();
  for (const { fault, arrivesAtMs } of storm.alarms) firstHeard.set(groups[fault]!, Math.min(firstHeard.get(groups[fault]!) ?? Infinity, arrivesAtMs));
  const delay = ({ incident, atMs }: Transition): number => atMs - Math.min(...incident.alarmIds.map((id) => firstHeard.get(faultOf.get(id)!)!));
  const opened = transitions.filter(({ kind }) => kind === 'opened');
  const mails = transitions.filter(({ kind }) => kind === 'tell');
  return {
    expected,
    exact: pure && live.length === expected && inOne.length === storm.alarms.length,
    lost,
    twice: inOne.length - new Set(inOne).size,
    incidents: live.length,
    openedMs: Math.max(...opened.map(delay)),
    begun: mails.filter(({ notification }) => notification === 'opened').length,
    mails: mails.length,
    toldMs: Math.max(...mails.filter(({ notification }) => notification === 'opened').map(delay)),
    tookMs,
  };
}

/** How many of so many storms come out exactly right; printed, since that is the figure. */
function measure(name: string, seeds: readonly number[], options: Parameters<typeof makeStorm>[1]) {
  const results = seeds.map((seed) => {
    const storm = makeStorm(seed, options);
    return { seed, storm, ...judge(storm, run(storm)) };
  });
  const right = results.filter(({ exact }) => exact).length;
  const one = results.filter((result) => result.exact && result.mails === result.expected).length;
  const worst = (of: 'openedMs' | 'toldMs' | 'tookMs'): string => (Math.max(...results.map((result) => result[of])) / 1_000).toFixed(1);
  process.stdout.write(
    `${name}: ${right} of ${seeds.length} storms exactly right, ${one} with one mail each; opened after at most ${worst('openedMs')} s, told after at most ${worst('toldMs')} s (simulated); joining took at most ${worst('tookMs')} s of CPU (real)\n`,
  );
  for (const { seed, storm, exact, expected, incidents, mails } of results.filter((result) => !result.exact || result.mails !== result.expected)) {
    process.stdout.write(`  seed ${seed}: ${exact ? 'right' : 'WRONG'}, ${expected} faults to be told apart (${storm.faults.map(({ kind, what }) => `${kind} ${what}`).join(', ')}), ${incidents} incidents, ${mails} mails\n`);
  }
  return { results, right };
}

const seedsFrom = (first: number, count: number): number[] => Array.from({ length: count }, (_, index) => first + index);

describe('a storm of 2,000 alarms in a minute over fifty hosts', () => {
  it('is what was promised', () => {
    for (const seed of seedsFrom(1, 20)) {
      const { alarms, topology, faults } = makeStorm(seed, { faultCount: 2 + (seed % 5) });
      expect(alarms.length).toBe(2_000);
      expect(alarms.at(-1)!.arrivesAtMs - alarms[0]!.arrivesAtMs).toBeLessThan(60_000);
      expect(topology.guests.length + new Set(topology.standsOn.map(({ host }) => host)).size).toBe(50);
      expect(faults.length).toBeGreaterThan(1);
    }
  });

  it('makes as many incidents as there were faults, loses no alarm, and is told once each', { timeout: 600_000 }, () => {
    const { results, right } = measure('faults on different hosts', seedsFrom(1_001, 40), { faultCount: 6 });
    expect(results.map(({ lost, twice }) => lost + twice)).toEqual(results.map(() => 0));
    expect(Math.max(...results.map(({ openedMs }) => openedMs))).toBeLessThan(30_000);
    expect(Math.max(...results.map(({ tookMs }) => tookMs))).toBeLessThan(30_000);
    expect(right / results.length).toBeGreaterThanOrEqual(0.9);
  });

  it('loses no alarm where faults overlap on one host, which nobody can tell apart by time and place', { timeout: 600_000 }, () => {
    const { results, right } = measure('faults that may overlap', seedsFrom(2_001, 20), { faultCount: 6, mayOverlap: true });
    expect(results.map(({ lost, twice }) => lost + twice)).toEqual(results.map(() => 0));
    expect(right / results.length).toBeGreaterThanOrEqual(0.8);
  });
});
