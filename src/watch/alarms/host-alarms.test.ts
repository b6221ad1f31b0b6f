import { describe, expect, it } from 'vitest';
import type { AlarmKind, AlarmReading } from '../../define/alarm-kind.ts';
import { HostAlarms, type AlarmHappening, type KindChoice } from './host-alarms.ts';
import { LearnedLimits } from './learned-limits.ts';

const minuteMs = 60_000;
const startMs = Date.UTC(2026, 5, 1);
let readings: readonly AlarmReading[] = [];
const kind: AlarmKind = {
  id: 'io-delay',
  subject: 'cpu',
  title: 'IO delay',
  about: '',
  unit: '%',
  severity: 'warning',
  metrics: ['m'],
  measure: () => readings,
  bad: 'above',
  fixedLimit: 10,
  learned: true,
  forSeconds: 120,
  clearSeconds: 60,
  says: ({ value }) => `It waited ${value} %.`,
  examples: { raised: [], quiet: [] },
};
const choice: KindChoice = { enabled: true, falseAlarmsPerMonth: 1 };

/** Reads these values a minute apart, undefined for nothing, and gives what happened and when. */
function course(alarms: HostAlarms, values: readonly (number | undefined)[], { fromMinute = 0, of = choice, object = 'host', excused, answers = false }: { fromMinute?: number; of?: KindChoice; object?: string; excused?: string; answers?: boolean } = {}): (AlarmHappening & { readonly minute: number })[] {
  return values.flatMap((value, index) => {
    readings = value === undefined ? [] : [{ object, value, ...(excused === undefined ? {} : { excused }) }];
    const minute = fromMinute + index;
    const nowMs = startMs + minute * minuteMs;
    const up = { metric: 'up', labels: {}, timesMs: [nowMs], values: [1] };
    return alarms.look(kind, of, { nowMs, series: (metric) => (answers && metric === 'up' ? [up] : []) }).map((happened) => ({ ...happened, minute }));
  });
}
const fresh = (): HostAlarms => new HostAlarms('pve1', new LearnedLimits());

describe('the alarms of a host', () => {
  it('are raised when it has lasted, with their beginning, value and limit, and are over when all has been well for long enough', () => {
    const happened = course(fresh(), [2, 30, 35, 40, 9, 2, 2]);
    expect(happened.map(({ kind: what, minute }) => [what, minute])).toEqual([['raised', 3], ['resolved', 6]]);
    expect(happened[0]?.alarm).toMatchObject({ kind: 'io-delay', host: 'pve1', object: 'host', severity: 'warning', source: 'culprit', startedAtMs: startMs + minuteMs, raisedAtMs: startMs + 3 * minuteMs, value: 40, limit: 10, unit: '%', says: 'It waited 40 %.' });
    expect(happened[1]?.alarm).toEqual({ ...happened[0]?.alarm, resolvedAtMs: startMs + 6 * minuteMs });
  });

  it('stay between their limits what they were', () => {
    expect(course(fresh(), [30, 30, 30, 9, 9, 9, 9, 9])).toHaveLength(1);
  });

  it('are not over because nothing is read', () => {
    const alarms = fresh();
    expect(course(alarms, [30, 30, 30]).map((one) => one.kind)).toEqual(['raised']);
    expect(course(alarms, Array.from({ length: 60 }, () => undefined), { fromMinute: 3 })).toEqual([]);
    expect(alarms.standings()).toMatchObject([{ phase: 'raised', value: 30 }]);
    expect(course(alarms, [2, 2, 2], { fromMinute: 63 }).map((one) => one.kind)).toEqual(['resolved']);
  });

  it('of something that is missing for a day on a host that answers end, and it is said that nobody saw it well', () => {
    const alarms = fresh();
    const nothing = (minutes: number) => Array.from({ length: minutes }, () => undefined);
    course(alarms, [30, 30, 30], { object: 'disk/old' });
    // While the host itself is silent, nobody knows.
    expect(course(alarms, nothing(2_000), { fromMinute: 3 })).toEqual([]);
    expect(course(alarms, nothing(1_440), { fromMinute: 2_003, answers: true })).toEqual([]);
    const [gone] = course(alarms, nothing(2), { fromMinute: 3_443, answers: true });
    expect(gone).toMatchObject({ kind: 'resolved', minute: 3_443, alarm: { object: 'disk/old', says: expect.stringContaining('not seen to be well: nothing was measured of it for 24 h') } });
    expect(alarms.standings()).toEqual([]);
  });

  it('forget what came and went, so that there is room for what comes', () => {
    const alarms = fresh();
    for (let number = 0; number < 2_100; number += 1) course(alarms, [2], { object: `nic/veth${number}`, fromMinute: number, answers: true });
    expect(alarms.standings().map(({ object }) => object)).toContain('nic/veth2099');
  });

  it('are known again after a restart: the same alarm is neither raised anew nor forgotten', () => {
    const [raised] = course(fresh(), [30, 30, 30]);
    const again = new HostAlarms('pve1', new LearnedLimits(), [raised!.alarm]);
    expect(course(again, [30, 30, 30], { fromMinute: 10 })).toEqual([]);
    expect(course(again, [2, 2], { fromMinute: 13 }).map(({ kind: what, alarm: { id } }) => [what, id])).toEqual([['resolved', raised!.alarm.id]]);
  });

  it('of one object have nothing to do with those of another', () => {
    const alarms = fresh();
    const [first] = course(alarms, [30, 30, 30], { object: 'disk/a' });
    const [second] = course(alarms, [30, 30, 30], { object: 'disk/b', fromMinute: 3 });
    expect(first?.alarm.id).not.toBe(second?.alarm.id);
    expect(alarms.standings().map(({ object, phase }) => [object, phase])).toEqual([['disk/a', 'raised'], ['disk/b', 'raised']]);
  });

  it('are as the settings want them', () => {
    expect(course(fresh(), [30, 30, 30], { of: { ...choice, enabled: false } })).toEqual([]);
    expect(course(fresh(), [30, 30, 30], { of: { ...choice, fixedLimit: 50 } })).toEqual([]);
    expect(course(fresh(), [30], { of: { ...choice, forSeconds: 0 } })).toHaveLength(1);
  });

  it('are not raised by what the kind excuses, which is shown', () => {
    const alarms = fresh();
    expect(course(alarms, [30, 30, 30], { excused: 'the meter is wrong' })).toEqual([]);
    expect(alarms.standings()).toMatchObject([{ value: 30, phase: 'ok', excused: 'the meter is wrong' }]);
  });

  it('take neither what is no number nor more objects than there can be', () => {
    const alarms = fresh();
    readings = [{ object: 'a', value: Number.NaN }, ...Array.from({ length: 5_000 }, (_, index) => ({ object: `disk/${index}`, value: 1 }))];
    alarms.look(kind, choice, { nowMs: startMs, series: () => [] });
    expect(alarms.standings()).toHaveLength(2_000);
  });
});

describe('learned limits', () => {
  const lasting = { side: 'above', forMs: 300_000 } as const;
  const usualMinute = (minute: number): number => 14 + 3 * Math.sin(minute / 7) + ((minute * 7919) % 13) / 10;

  it('let a host that usually waits a little more than the field allows be, and find what is more than usual', () => {
    const alarms = fresh();
    const days = 20;
    const first = course(alarms, Array.from({ length: days * 1_440 }, (_, minute) => usualMinute(minute)));
    const lateAlarms = first.filter(({ kind: what, minute }) => what === 'raised' && minute > 7 * 1_440);
    expect(lateAlarms).toEqual([]);
    const [standing] = alarms.standings();
    expect(standing?.limit.learned).toBeGreaterThan(17);
    expect(standing?.usual).toBeGreaterThan(11);
    expect(course(alarms, [60, 60, 60], { fromMinute: days * 1_440 }).map((one) => one.kind)).toEqual(['raised']);
  });

  it('are of what lasts as long as an alarm has to: peaks of a moment do not raise them', () => {
    const learned = new LearnedLimits();
    for (let minute = 0; minute < 10 * 1_440; minute += 1) learned.learn('io-delay', 'host', startMs + minute * minuteMs, minute % 97 === 0 ? 80 : usualMinute(minute), lasting);
    expect(learned.at('io-delay', 'host', 'above', startMs + 10 * 1_440 * minuteMs, 1)?.limit).toBeLessThan(30);
  });

  it('are kept over a restart', () => {
    const learned = new LearnedLimits();
    for (let minute = 0; minute < 5 * 1_440; minute += 1) learned.learn('io-delay', 'host', startMs + minute * minuteMs, usualMinute(minute), lasting);
    const atMs = startMs + 5 * 1_440 * minuteMs;
    const kept = new LearnedLimits(JSON.parse(JSON.stringify(learned.save(atMs))));
    expect(kept.at('io-delay', 'host', 'above', atMs, 1)).toEqual(learned.at('io-delay', 'host', 'above', atMs, 1));
    expect(learned.save(atMs + 100 * 86_400_000)).toEqual([]);
  });
});
