import { describe, expect, it } from 'vitest';
import type { Alarm } from '../../define/alarm.ts';
import type { Suppression } from '../../define/suppression.ts';
import type { Topology } from '../../define/topology.ts';
import { defaultJoinSettings } from './settings.ts';
import { emptyJoinState, type JoinEvent, type JoinState, type Transition } from './state.ts';
import { join } from './join.ts';
import { alarm, noTopology } from './testing.ts';

const minuteMs = 60_000;
const startMs = Date.UTC(2026, 6, 12, 10);
const at = (minutes: number): number => startMs + minutes * minuteMs;

/** Takes in events in the order of their times, with a tick every five seconds in between and until the end. */
function watch(events: readonly JoinEvent[], untilMs: number, { topology = noTopology, suppressions = [] }: { topology?: Topology; suppressions?: readonly Suppression[] } = {}) {
  let state: JoinState = emptyJoinState;
  const transitions: Transition[] = [];
  const take = (taken: readonly JoinEvent[]): void => {
    const step = join(state, taken, { topology, suppressions, settings: defaultJoinSettings });
    state = step.state;
    transitions.push(...step.transitions);
  };
  const waiting = [...events].sort((one, other) => one.atMs - other.atMs);
  for (let nowMs = waiting[0]?.atMs ?? startMs; nowMs <= untilMs; nowMs += 5_000) {
    while (waiting.length > 0 && waiting[0]!.atMs <= nowMs) take([waiting.shift()!]);
    take([{ kind: 'tick', atMs: nowMs }]);
  }
  const incidents = [...state.incidents.values()].map(({ incident }) => incident);
  const told = transitions.flatMap(({ notification, incident }) => (notification === undefined ? [] : [`${notification} ${incident.hosts.join('+')}`]));
  return { state, transitions, incidents, live: incidents.filter(({ mergedInto }) => mergedInto === undefined), told };
}

const raised = (one: Alarm, atMs = one.startedAtMs): JoinEvent => ({ kind: 'raised', atMs, alarm: one });
const over = (one: Alarm, atMs: number, heardAtMs = atMs): JoinEvent => ({ kind: 'resolved', atMs: heardAtMs, alarm: { ...one, resolvedAtMs: atMs } });
const hostsOf = (incidents: readonly { readonly hosts: readonly string[] }[]): string[] => incidents.map(({ hosts }) => [...hosts].sort().join('+')).sort();

const cluster: Topology = { ...noTopology, shared: [{ name: 'lab', kind: 'cluster', hosts: ['pve1', 'pve2', 'pve3', 'pve4', 'pve5'] }] };

describe('which alarms are one incident', () => {
  it('joins alarms of one host that begin soon after each other, in the order of their beginnings', () => {
    const second = alarm({ kind: 'load', startedAtMs: at(3) });
    const first = alarm({ kind: 'io-delay', startedAtMs: at(1), severity: 'critical' });
    const { live } = watch([raised(second, at(3)), raised(first, at(5))], at(8));
    expect(live).toHaveLength(1);
    expect(live[0]).toMatchObject({ alarmIds: [first.id, second.id], severity: 'critical', startedAtMs: at(1), hosts: ['pve1'] });
  });

  it('keeps two faults on one host at times far apart as two', () => {
    const { live } = watch([raised(alarm({ kind: 'filesystem-full', object: 'filesystem//var', startedAtMs: at(0) })), raised(alarm({ kind: 'load', startedAtMs: at(90) }))], at(95));
    expect(live).toHaveLength(2);
  });

  it('goes by the beginning of what arrives late, not by its arrival', () => {
    const late = alarm({ kind: 'load', startedAtMs: at(1) });
    const { live } = watch([raised(alarm({ startedAtMs: at(0) })), raised(alarm({ kind: 'unit-failed', object: 'unit/x', startedAtMs: at(40) })), raised(late, at(42))], at(45));
    expect(live.map(({ alarmIds }) => alarmIds.length).sort()).toEqual([1, 2]);
    expect(live.find(({ alarmIds }) => alarmIds.includes(late.id))!.startedAtMs).toBe(at(0));
  });

  it('joins a guest and its node, whichever begins', () => {
    const topology: Topology = { ...noTopology, guests: [{ host: 'vm1', runsOn: 'pve1', object: 'qemu/100' }] };
    const { live } = watch([raised(alarm({ host: 'vm1', startedAtMs: at(0) })), raised(alarm({ host: 'pve1', kind: 'disk-latency', object: 'disk/a', startedAtMs: at(2) }))], at(5), { topology });
    expect(hostsOf(live)).toEqual(['pve1+vm1']);
  });

  it('keeps two unrelated faults on two hosts of a cluster as two, even of one kind at one time', () => {
    const { live } = watch(['pve1', 'pve2'].map((host) => raised(alarm({ host, startedAtMs: at(0) }))), at(5), { topology: cluster });
    expect(hostsOf(live)).toEqual(['pve1', 'pve2']);
  });

  it('joins hosts that share something when most of them fail in the same way within a short time', () => {
    const fail = (kinds: readonly string[], minutes: readonly number[]) =>
      watch(['pve1', 'pve2', 'pve3', 'pve4'].map((host, index) => raised(alarm({ host, kind: kinds[index]!, startedAtMs: at(minutes[index]!) }))), at(40), { topology: cluster });
    const together = fail(Array(4).fill('target-missing'), [0, 0.1, 0.2, 0.3]);
    expect(hostsOf(together.live)).toEqual(['pve1+pve2+pve3+pve4']);
    expect(together.live[0]!.title).toMatch(/^cluster\/lab: 4 hosts, first pve1: /);
    expect(fail(Array(4).fill('target-missing'), [0, 9, 18, 27]).live).toHaveLength(4);
    expect(fail(['load', 'oom', 'clock', 'unit-failed'], [0, 0.1, 0.2, 0.3]).live).toHaveLength(4);
  });

  it('joins what hosts say of a shared thing itself, and a member of the cluster that fell silent', () => {
    const lost = ['pve2', 'pve3'].map((host) => raised(alarm({ host, kind: 'member-lost', object: 'cluster/lab', startedAtMs: at(0.5) })));
    const other = raised(alarm({ host: 'pve4', kind: 'disk-errors', object: 'disk/a', startedAtMs: at(0.5) }));
    const { live } = watch([raised(alarm({ host: 'pve1', kind: 'target-missing', startedAtMs: at(0) })), ...lost, other], at(5), { topology: cluster });
    expect(hostsOf(live)).toEqual(['pve1+pve2+pve3', 'pve4']);
  });

  it('joins objects that stand on each other for longer, and in whatever circle they are said to', () => {
    const topology: Topology = { ...noTopology, standsOn: [{ host: 'pve1', object: 'qemu/100', on: ['storage/tank'] }, { host: 'pve1', object: 'storage/tank', on: ['disk/a', 'qemu/100'] }] };
    const late = (object: string) => watch([raised(alarm({ kind: 'disk-latency', object: 'disk/a', startedAtMs: at(0) })), raised(alarm({ kind: 'guest-slow', object, startedAtMs: at(40) }))], at(45), { topology });
    expect(late('qemu/100').live).toHaveLength(1);
    expect(late('qemu/200').live).toHaveLength(2);
  });

  it('merges two open incidents that a later alarm shows to be one: the older goes on, the newer says where it went', () => {
    const alarms = ['pve1', 'pve2', 'pve3', 'pve4'].map((host, index) => alarm({ host, kind: 'target-missing', startedAtMs: at(index < 2 ? index / 10 : 1) }));
    const arrivals = [0, 0.5, 4, 4];
    const { live, incidents, told, transitions } = watch(alarms.map((one, index) => raised(one, at(arrivals[index]!))), at(12), { topology: cluster });
    expect(live).toHaveLength(1);
    expect([...live[0]!.alarmIds].sort()).toEqual(alarms.map(({ id }) => id).sort());
    const merged = incidents.find(({ mergedInto }) => mergedInto !== undefined)!;
    expect(merged).toMatchObject({ mergedInto: live[0]!.id, state: 'resolved', alarmIds: [alarms[1]!.id] });
    expect(live[0]!.openedAtMs).toBeLessThan(merged.openedAtMs);
    expect(told).toEqual(['opened pve1', 'opened pve2', 'changed pve2', 'changed pve1+pve2+pve3+pve4']);
    expect(transitions.find(({ incident, notification }) => incident.id === merged.id && notification === 'changed')!.says).toContain(live[0]!.id);
  });

  it('takes labels, names and times for what they are: any text, any number', () => {
    const odd = alarm({ id: '__proto__', host: '__proto__', kind: 'constructor', object: '\u0000"]', startedAtMs: Number.NaN, says: 'x'.repeat(100_000), labels: { toString: '‮' } });
    const ahead = alarm({ id: 'ahead', host: 'pve2', startedAtMs: at(1e9) });
    const { live } = watch([raised(odd, at(0)), raised(ahead, at(0))], at(1));
    expect(live).toHaveLength(2);
    expect(live.every(({ title, startedAtMs }) => title.length <= 300 && startedAtMs === at(0))).toBe(true);
  });
});

describe('the course of an incident', () => {
  const one = alarm({ startedAtMs: at(0) });
  const explanation = { atMs: at(1), host: 'pve1', status: 'identified' as const, summary: 'The disk is slow.', causes: [{ id: 'disk-slow', title: 'Slow disk', probability: 0.97, objects: ['disk/a'] }], caseName: 'case-1' };

  it('is opened once its alarms had time to come together, investigated, told with its verdict, resolved when all is quiet', () => {
    const first = watch([raised(one)], at(0.5));
    const { id } = first.live[0]!;
    const { transitions, told } = watch(
      [raised(one), { kind: 'investigation-started', atMs: at(0.4), incidentId: id }, { kind: 'explained', atMs: at(0.6), incidentId: id, explanation }, over(one, at(10))],
      at(20),
    );
    expect(transitions.map(({ kind, atMs, incident }) => `${kind} ${incident.state} ${((atMs - startMs) / 1000).toFixed(0)}`)).toEqual([
      'opened open 20',
      'investigate open 20',
      'investigating investigating 24',
      'explained explained 36',
      'tell explained 36',
      'resolved resolved 900',
      'tell resolved 900',
    ]);
    expect(told).toEqual(['opened pve1', 'resolved pve1']);
    expect(new Set(transitions.map((transition) => transition.id)).size).toBe(transitions.length);
  });

  it('does not wait for a verdict for ever, and asks again when an investigation is lost', () => {
    const { transitions } = watch([raised(one)], at(17));
    expect(transitions.filter(({ kind }) => kind === 'tell').map(({ atMs }) => atMs)).toEqual([at(0) + 80_000]);
    expect(transitions.filter(({ kind }) => kind === 'investigate').map(({ atMs }) => Math.round((atMs - startMs) / minuteMs))).toEqual([0, 15]);
  });

  it('asks for another investigation when another host joins, not for more of the same', () => {
    const topology: Topology = { ...noTopology, guests: [{ host: 'vm1', runsOn: 'pve1', object: 'qemu/100' }] };
    const { id } = watch([raised(one)], at(0.5), { topology }).live[0]!;
    const answered: JoinEvent = { kind: 'explained', atMs: at(1), incidentId: id, explanation };
    const asked = (second: Alarm): number => watch([raised(one), answered, raised(second, at(4))], at(9), { topology }).transitions.filter(({ kind }) => kind === 'investigate').length;
    expect(asked(alarm({ host: 'vm1', startedAtMs: at(3.5) }))).toBe(2);
    expect(asked(alarm({ object: 'disk/b', startedAtMs: at(3.5) }))).toBe(1);
  });

  it('is never resolved while an alarm stands, by whatever is missing', () => {
    const other = alarm({ kind: 'load', startedAtMs: at(1) });
    expect(watch([raised(one), raised(other), over(one, at(3))], at(24 * 60)).live[0]!.state).not.toBe('resolved');
  });

  it('knows an end that arrives before its beginning, and takes nothing twice', () => {
    const ended = watch([over(one, at(2)), raised(one, at(2.1)), raised(one, at(2.2))], at(12));
    expect(ended.live).toHaveLength(1);
    expect(ended.live[0]).toMatchObject({ state: 'resolved', alarmIds: [one.id] });
    expect(ended.told).toEqual([]);
  });

  it('stays mitigated whatever an investigation says, and is over when its alarms are', () => {
    const { id } = watch([raised(one)], at(0.5)).live[0]!;
    const events: JoinEvent[] = [raised(one), { kind: 'mitigated', atMs: at(2), incidentId: id, by: 'Ada' }, { kind: 'explained', atMs: at(3), incidentId: id, explanation }];
    expect(watch(events, at(4)).live[0]!.state).toBe('mitigated');
    expect(watch([...events, over(one, at(4))], at(12)).live[0]!.state).toBe('resolved');
  });

  it('is reopened when an alarm of it comes back soon, and another is opened when it comes back late', () => {
    const again = (minutes: number) => watch([raised(one), over(one, at(5)), raised(alarm({ startedAtMs: at(minutes) }))], at(minutes + 3));
    expect(again(20).live.map(({ state }) => state)).toEqual(['reopened']);
    expect(again(20).told).toEqual(['opened pve1', 'resolved pve1', 'reopened pve1']);
    expect(again(90).live.map(({ state }) => state).sort()).toEqual(['open', 'resolved']);
  });

  it('makes one incident and few messages of an alarm that flaps for a day, and does not draw in what is unrelated', () => {
    const flaps = Array.from({ length: 96 }, (_, index) => alarm({ startedAtMs: at(15 * index) }));
    const other = alarm({ kind: 'disk-errors', object: 'disk/a', startedAtMs: at(15 * 80 + 1) });
    const { live, told, transitions } = watch([...flaps.flatMap((flap) => [raised(flap), over(flap, flap.startedAtMs + minuteMs)]), raised(other)], at(15 * 96));
    expect(transitions.filter(({ kind }) => kind === 'opened')).toHaveLength(2);
    expect(live.find(({ alarmIds }) => alarmIds.includes(flaps[0]!.id))!.alarmIds).toHaveLength(96);
    expect(told.length).toBeLessThanOrEqual(8);
  });
});

describe('suppression', () => {
  const one = alarm({ startedAtMs: at(0) });
  const silence = (fields: Partial<Suppression>): Suppression => ({ id: 's', kind: 'silence', hosts: ['pve1'], alarmKinds: [], objects: [], reason: 'works', startsAtMs: at(-10), endsAtMs: at(30), createdBy: 'Ada', ...fields });

  it('holds messages back, and nothing else; what still stands at its end is told then', () => {
    const { told, transitions } = watch([raised(one)], at(31), { suppressions: [silence({})] });
    expect(told).toEqual(['opened pve1']);
    expect(transitions.find(({ kind }) => kind === 'tell')!.atMs).toBe(at(30));
    expect(transitions.filter(({ kind }) => kind === 'opened' || kind === 'investigate').map(({ atMs }) => atMs)).toEqual([at(0) + 20_000, at(0) + 20_000, at(15) + 20_000, at(30) + 20_000]);
  });

  it('never holds back that it is over', () => {
    const { told } = watch([raised(one), over(one, at(15))], at(25), { suppressions: [silence({ startsAtMs: at(5) })] });
    expect(told).toEqual(['opened pve1', 'resolved pve1']);
  });

  it('covers guests with their node, and only what it names', () => {
    const topology: Topology = { ...noTopology, guests: [{ host: 'vm1', runsOn: 'pve1', object: 'qemu/100' }] };
    const tell = (fields: Partial<Suppression>) => watch([raised(alarm({ host: 'vm1', startedAtMs: at(0) }))], at(5), { topology, suppressions: [silence(fields)] }).told;
    expect(tell({ kind: 'maintenance' })).toEqual([]);
    expect(tell({ alarmKinds: ['load'] })).toEqual(['opened vm1']);
    expect(tell({ hosts: [], objects: ['host'] })).toEqual([]);
  });

  it('lets an incident be told of as soon as an alarm that it does not cover stands', () => {
    const { told } = watch([raised(one), raised(alarm({ kind: 'load', startedAtMs: at(2) }))], at(6), { suppressions: [silence({ alarmKinds: ['io-delay'] })] });
    expect(told).toEqual(['opened pve1']);
  });
});
