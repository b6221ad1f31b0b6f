import { createHash } from 'node:crypto';
import type { Alarm } from '../../define/alarm.ts';
import type { AlarmKind, AlarmReading, SampleView } from '../../define/alarm-kind.ts';
import { bounded } from '../../lib/hostile-text.ts';
import { defaultAlarmRules, initialAlarmState, stepAlarm, type AlarmRules, type AlarmState } from '../detect/alarm-state.ts';
import { limitOf, type Limit } from '../detect/limit.ts';
import type { LearnedLimits } from './learned-limits.ts';

/** What of a kind of alarm settings may change. */
export interface KindChoice {
  readonly enabled: boolean;
  readonly fixedLimit?: number | undefined;
  readonly forSeconds?: number | undefined;
  readonly clearSeconds?: number | undefined;
  readonly falseAlarmsPerMonth: number;
}

/** How it stands with one object: for pages, charts and metrics. */
export interface Standing {
  readonly kind: string;
  readonly object: string;
  readonly atMs: number;
  readonly value: number;
  readonly limit: Limit;
  /** What is usual at this hour, once it is known. */
  readonly usual?: number;
  readonly phase: AlarmState['phase'];
  readonly excused?: string;
}

export interface AlarmHappening {
  readonly kind: 'raised' | 'resolved';
  readonly alarm: Alarm;
}

interface WatchedObject {
  state: AlarmState;
  alarm?: Alarm | undefined;
  standing?: Standing;
  /** Since when nothing was read of it although its host answered all the time. */
  goneSinceMs?: number | undefined;
}

const maxObjects = 2_000;
/** An object of which nothing was read for so long, on a host that answers, was taken away. */
const goneAfterMs = 24 * 3_600_000;
const answersWithinSeconds = 300;

function alarmId(host: string, kind: string, object: string, startedAtMs: number): string {
  const what = createHash('sha256').update(JSON.stringify([host, kind, object])).digest('hex').slice(0, 16);
  return `${kind}-${what}-${startedAtMs}`;
}

/** An alarm that ends although nobody saw that all is well, and why. */
export function endedWithout(alarm: Alarm, atMs: number, why: string): Alarm {
  return { ...alarm, resolvedAtMs: atMs, says: bounded(`${alarm.says} Ended, but not seen to be well: ${why}.`, 700) };
}

function rulesOf(kind: AlarmKind, { forSeconds = kind.forSeconds, clearSeconds = kind.clearSeconds }: KindChoice): AlarmRules {
  return { ...defaultAlarmRules, badSide: kind.bad, forMs: forSeconds * 1_000, resolveAfterMs: clearSeconds * 1_000 };
}

/**
 * The alarms of one host: measures each kind on its newest samples, holds the readings against their limits, and says what was raised and what is over. What cannot be read changes nothing: missing data
 * never resolves. Only what is missing for a day on a host that answers is taken as removed, and that is said.
 */
export class HostAlarms {
  readonly host: string;
  #learned: LearnedLimits;
  readonly #kinds = new Map<string, Map<string, WatchedObject>>();

  /** `standing`: alarms of this host that were raised before a restart and are not over. */
  constructor(host: string, learned: LearnedLimits, standing: readonly Alarm[] = []) {
    this.host = host;
    this.#learned = learned;
    for (const alarm of standing) {
      const { kind, object, startedAtMs, raisedAtMs } = alarm;
      this.#of(kind).set(object, { state: { ...initialAlarmState, phase: 'raised', sinceMs: startedAtMs, lastWasBad: true, raisesMs: [raisedAtMs], told: true }, alarm });
    }
  }

  get learned(): LearnedLimits {
    return this.#learned;
  }

  /** Goes on with what was learned elsewhere. */
  adopt(learned: LearnedLimits): void {
    this.#learned = learned;
  }

  #of(kind: string): Map<string, WatchedObject> {
    const known = this.#kinds.get(kind) ?? new Map<string, WatchedObject>();
    this.#kinds.set(kind, known);
    return known;
  }

  /** Looks once. Never throws for what samples say. */
  look(kind: AlarmKind, choice: KindChoice, view: SampleView): AlarmHappening[] {
    if (!choice.enabled) return [];
    const objects = this.#of(kind.id);
    const rules = rulesOf(kind, choice);
    const happened: AlarmHappening[] = [];
    const seen = new Set<string>();
    for (const reading of kind.measure(view)) {
      const object = bounded(reading.object, 200);
      if (seen.has(object) || !Number.isFinite(reading.value) || (!objects.has(object) && objects.size >= maxObjects)) continue;
      seen.add(object);
      happened.push(...this.#read(kind, choice, rules, { ...reading, object }, view.nowMs));
    }
    const missing = [...objects].filter(([object]) => !seen.has(object));
    if (missing.length === 0) return happened;
    const answers = view.series('up', answersWithinSeconds).some(({ values }) => values.at(-1) === 1);
    for (const [object, watched] of missing) {
      this.#missing(rules, watched, view.nowMs, answers);
      if (watched.goneSinceMs === undefined || view.nowMs - watched.goneSinceMs < goneAfterMs) continue;
      objects.delete(object);
      if (watched.alarm !== undefined) happened.push({ kind: 'resolved', alarm: endedWithout(watched.alarm, view.nowMs, 'nothing was measured of it for 24 h while its host answered, so it is taken as removed') });
    }
    return happened;
  }

  #read(kind: AlarmKind, choice: KindChoice, rules: AlarmRules, reading: AlarmReading, atMs: number): AlarmHappening[] {
    const { object } = reading;
    const watched: WatchedObject = this.#of(kind.id).get(object) ?? { state: initialAlarmState };
    watched.goneSinceMs = undefined;
    this.#of(kind.id).set(object, watched);
    const usual = kind.learned ? this.#learned.at(kind.id, object, kind.bad, atMs, choice.falseAlarmsPerMonth) : undefined;
    const limit = limitOf(kind, { ...reading, ...(choice.fixedLimit === undefined ? {} : { fixedLimit: choice.fixedLimit }) }, usual?.limit);
    // After the limit was asked for: a value is no argument for itself.
    if (kind.learned) this.#learned.learn(kind.id, object, atMs, reading.value, { side: kind.bad, forMs: rules.forMs });
    const never = kind.bad === 'above' ? Infinity : -Infinity;
    const { raiseAt, resolveAt } = reading.excused === undefined ? limit : { raiseAt: never, resolveAt: never };
    const { state, events } = stepAlarm(rules, watched.state, { atMs, value: reading.value, raiseAt, resolveAt, maintenance: false });
    watched.state = state;
    watched.standing = {
      kind: kind.id,
      object,
      atMs,
      value: reading.value,
      limit,
      ...(usual?.expected === undefined ? {} : { usual: usual.expected }),
      phase: state.phase,
      ...(reading.excused === undefined ? {} : { excused: reading.excused }),
    };
    return events.flatMap(({ kind: event, sinceMs }): AlarmHappening[] => {
      if (event === 'raised') watched.alarm = this.#alarmOf(kind, reading, limit, sinceMs ?? atMs, atMs);
      if ((event !== 'raised' && event !== 'resolved') || watched.alarm === undefined) return [];
      const alarm = event === 'raised' ? watched.alarm : { ...watched.alarm, resolvedAtMs: atMs };
      if (event === 'resolved') watched.alarm = undefined;
      return [{ kind: event, alarm }];
    });
  }

  #missing(rules: AlarmRules, watched: WatchedObject, atMs: number, answers: boolean): void {
    watched.goneSinceMs = answers ? (watched.goneSinceMs ?? atMs) : undefined;
    watched.state = stepAlarm(rules, watched.state, { atMs, value: undefined, raiseAt: 0, resolveAt: 0, maintenance: false }).state;
  }

  #alarmOf(kind: AlarmKind, reading: AlarmReading, limit: Limit, startedAtMs: number, raisedAtMs: number): Alarm {
    return {
      id: alarmId(this.host, kind.id, reading.object, startedAtMs),
      kind: kind.id,
      host: this.host,
      object: reading.object,
      severity: kind.severity,
      source: 'culprit',
      startedAtMs,
      raisedAtMs,
      value: reading.value,
      ...(Number.isFinite(limit.raiseAt) ? { limit: limit.raiseAt } : {}),
      unit: kind.unit,
      says: bounded(kind.says(reading), 500),
      labels: {},
    };
  }

  /** How all objects stand, as they were last read. */
  standings(): Standing[] {
    return [...this.#kinds.values()].flatMap((objects) => [...objects.values()].flatMap(({ standing }) => (standing === undefined ? [] : [standing])));
  }
}
