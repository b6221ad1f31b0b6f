import { z } from 'zod';

/** When an alarm is raised and when it ends. Times in milliseconds. */
export interface AlarmRules {
  /** The side of the limits that is bad. */
  readonly badSide: 'above' | 'below';
  /** How long readings must be bad before the alarm is raised (Prometheus calls it `for`). */
  readonly forMs: number;
  /** How long readings must be good before it is resolved (`keep_firing_for`). */
  readonly resolveAfterMs: number;
  /** Between two readings further apart than this there is no data: that time counts neither as bad nor as good. */
  readonly staleAfterMs: number;
  /** Raised so often within the window, it is one alarm that flaps; it then ends only after a whole window without a bad reading. */
  readonly flapping: { readonly raises: number; readonly windowMs: number };
}

export const defaultAlarmRules: AlarmRules = {
  badSide: 'above',
  forMs: 2 * 60_000,
  resolveAfterMs: 5 * 60_000,
  staleAfterMs: 5 * 60_000,
  flapping: { raises: 4, windowMs: 3_600_000 },
};

const mostRaisesKept = 32;

/** Where an alarm is; JSON, so that it outlives a restart. */
export const alarmStateSchema = z.object({
  /** `ok`; `pending`: bad, not yet for long enough; `raised`. */
  phase: z.enum(['ok', 'pending', 'raised']),
  /** Since when it is in this phase; of a raised alarm: since when it was bad. Null before the first reading. */
  sinceMs: z.number().nullable(),
  /** Time with data that the bad (pending) or good (raised) readings have lasted. */
  lastedMs: z.number().nonnegative(),
  /** The last reading with a value. */
  lastReadingMs: z.number().nullable(),
  lastWasBad: z.boolean(),
  hasData: z.boolean(),
  flapping: z.boolean(),
  /** When it was raised, of late, ascending. */
  raisesMs: z.array(z.number()).max(mostRaisesKept),
  /** Whether somebody was told that it is raised, and owes them the end of it. */
  told: z.boolean(),
});
export type AlarmState = z.infer<typeof alarmStateSchema>;

export const initialAlarmState: AlarmState = {
  phase: 'ok',
  sinceMs: null,
  lastedMs: 0,
  lastReadingMs: null,
  lastWasBad: false,
  hasData: true,
  flapping: false,
  raisesMs: [],
  told: false,
};

/** One look at a metric. Limits come with it, since those that are learnt depend on the hour. */
export interface Reading {
  readonly atMs: number;
  /** Undefined when there was nothing to read. */
  readonly value: number | undefined;
  /** Beyond this it is bad. Infinite (towards the bad side) where there is no limit yet. */
  readonly raiseAt: number;
  /** On the good side of this it is good; between the two it stays what it was (hysteresis). */
  readonly resolveAt: number;
  /** During maintenance all goes on, but nobody is told of what begins. */
  readonly maintenance: boolean;
}

/** What happened to an alarm. */
export interface AlarmEvent {
  readonly kind: 'raised' | 'resolved' | 'flapping' | 'no data' | 'data again';
  readonly atMs: number;
  /** For `raised` and `resolved`: since when it was bad. */
  readonly sinceMs: number | null;
  /** False during maintenance, except for the end of what was told. */
  readonly tell: boolean;
}

export interface AlarmStep {
  readonly state: AlarmState;
  readonly events: readonly AlarmEvent[];
}

type Verdict = 'bad' | 'good' | 'between';

function verdictOf({ badSide }: AlarmRules, value: number, raiseAt: number, resolveAt: number): Verdict {
  const sign = badSide === 'above' ? 1 : -1;
  if (sign * value > sign * raiseAt) return 'bad';
  return sign * value <= Math.min(sign * raiseAt, sign * resolveAt) ? 'good' : 'between';
}

/** How long nothing was read when it is called missing; the phase stays: missing data never resolves. */
function withoutReading(rules: AlarmRules, state: AlarmState, { atMs, maintenance }: Reading): AlarmStep {
  const isStale = state.lastReadingMs !== null && atMs - state.lastReadingMs > rules.staleAfterMs;
  if (!isStale || !state.hasData) return { state, events: [] };
  return { state: { ...state, hasData: false }, events: [{ kind: 'no data', atMs, sinceMs: state.lastReadingMs, tell: !maintenance }] };
}

function raise(rules: AlarmRules, state: AlarmState, { atMs, maintenance }: Reading): AlarmStep {
  const raisesMs = [...state.raisesMs.filter((raisedMs) => atMs - raisedMs < rules.flapping.windowMs), atMs].slice(-mostRaisesKept);
  const flapping = raisesMs.length >= Math.min(rules.flapping.raises, mostRaisesKept);
  const tell = !maintenance;
  const events: AlarmEvent[] = [{ kind: 'raised', atMs, sinceMs: state.sinceMs, tell }];
  if (flapping && !state.flapping) events.push({ kind: 'flapping', atMs, sinceMs: raisesMs[0] ?? atMs, tell });
  return { state: { ...state, phase: 'raised', lastedMs: 0, raisesMs, flapping, told: tell }, events };
}

function whenBad(rules: AlarmRules, state: AlarmState, reading: Reading, heldMs: number): AlarmStep {
  const { atMs, maintenance } = reading;
  if (state.phase === 'raised') {
    const nowTold = !state.told && !maintenance;
    const events: AlarmEvent[] = nowTold ? [{ kind: 'raised', atMs, sinceMs: state.sinceMs, tell: true }] : [];
    return { state: { ...state, lastedMs: 0, told: state.told || nowTold }, events };
  }
  const isNew = state.phase === 'ok';
  const pending: AlarmState = { ...state, phase: 'pending', sinceMs: isNew ? atMs : state.sinceMs, lastedMs: isNew ? 0 : state.lastedMs + heldMs };
  return pending.lastedMs >= rules.forMs ? raise(rules, pending, reading) : { state: pending, events: [] };
}

function whenGood(rules: AlarmRules, state: AlarmState, { atMs }: Reading, heldMs: number): AlarmStep {
  if (state.phase === 'ok') return { state: { ...state, sinceMs: state.sinceMs ?? atMs }, events: [] };
  if (state.phase === 'pending') return { state: { ...state, phase: 'ok', sinceMs: atMs, lastedMs: 0 }, events: [] };
  const lastedMs = state.lastedMs + heldMs;
  const neededMs = state.flapping ? Math.max(rules.flapping.windowMs, rules.resolveAfterMs) : rules.resolveAfterMs;
  if (lastedMs < neededMs) return { state: { ...state, lastedMs }, events: [] };
  const events: AlarmEvent[] = [{ kind: 'resolved', atMs, sinceMs: state.sinceMs, tell: state.told }];
  return { state: { ...state, phase: 'ok', sinceMs: atMs, lastedMs: 0, flapping: false, raisesMs: state.flapping ? [] : state.raisesMs, told: false }, events };
}

/**
 * What one reading makes of an alarm. Bad and good readings count by the time between them, as long as data came. During maintenance it goes on all the same: what is still bad afterwards is told then, and
 * what was told before is also told to have ended.
 */
export function stepAlarm(rules: AlarmRules, before: AlarmState, reading: Reading): AlarmStep {
  const { atMs, value } = reading;
  if (value === undefined || !Number.isFinite(value)) return withoutReading(rules, before, reading);
  if (before.lastReadingMs !== null && atMs <= before.lastReadingMs) return { state: before, events: [] };
  const sinceLast = before.lastReadingMs === null ? 0 : atMs - before.lastReadingMs;
  const hadGap = sinceLast > rules.staleAfterMs;
  const events: AlarmEvent[] = before.hasData ? [] : [{ kind: 'data again', atMs, sinceMs: before.lastReadingMs, tell: !reading.maintenance }];
  const told = verdictOf(rules, value, reading.raiseAt, reading.resolveAt);
  // Between the limits a raised or pending alarm counts as bad still, any other as good still.
  const isBad = told === 'bad' || (told === 'between' && before.phase !== 'ok');
  const heldMs = hadGap || before.lastWasBad !== isBad ? 0 : sinceLast;
  const state: AlarmState = { ...before, hasData: true, lastReadingMs: atMs, lastWasBad: isBad };
  const step = isBad ? whenBad(rules, state, reading, heldMs) : whenGood(rules, state, reading, heldMs);
  return { state: step.state, events: [...events, ...step.events] };
}
