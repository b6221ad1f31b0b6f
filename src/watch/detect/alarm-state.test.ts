import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alarmStateSchema, defaultAlarmRules, initialAlarmState, stepAlarm, type AlarmEvent, type AlarmRules, type AlarmState } from './alarm-state.ts';

const minuteMs = 60_000;
const rules: AlarmRules = { badSide: 'above', forMs: 2 * minuteMs, resolveAfterMs: 3 * minuteMs, staleAfterMs: 2 * minuteMs, flapping: { raises: 3, windowMs: 30 * minuteMs } };

/** One character a minute: `b` bad, `-` between the limits, `.` good, `?` no data; upper case or `,` and `!` for the same during maintenance. */
const letters: Readonly<Record<string, { readonly value: number | undefined; readonly maintenance: boolean }>> = {
  b: { value: 95, maintenance: false },
  B: { value: 95, maintenance: true },
  '-': { value: 85, maintenance: false },
  '.': { value: 50, maintenance: false },
  ',': { value: 50, maintenance: true },
  '?': { value: undefined, maintenance: false },
  '!': { value: undefined, maintenance: true },
};

function play(course: string, of: AlarmRules = rules): { readonly told: readonly string[]; readonly state: AlarmState; readonly events: readonly AlarmEvent[] } {
  let state = initialAlarmState;
  const events: AlarmEvent[] = [];
  for (const [minute, letter] of [...course].entries()) {
    const step = stepAlarm(of, state, { atMs: minute * minuteMs, raiseAt: 90, resolveAt: 80, ...letters[letter]! });
    state = alarmStateSchema.parse(JSON.parse(JSON.stringify(step.state)));
    events.push(...step.events);
  }
  return { told: events.map(({ kind, atMs, tell }) => `${kind} ${atMs / minuteMs}${tell ? '' : ' (silent)'}`), state, events };
}

describe('the state of an alarm', () => {
  it.each([
    ['nothing while it is good', '......', []],
    ['not before it lasted', '..bb....', []],
    ['raised when it lasted', '..bbb', ['raised 4']],
    ['a good reading begins anew', '.bb.bb.', []],
    ['ends when it was good for long enough', 'bbb....', ['raised 2', 'resolved 6']],
    ['does not end early', 'bbb...b...', ['raised 2']],
    ['between the limits it is not raised', '-------', []],
    ['between the limits it does not end', 'bbb------------', ['raised 2']],
    ['between the limits it stays bad while it is pending', 'b--', ['raised 2']],
    ['missing data never resolves', 'bbb...?????????????????????', ['raised 2', 'no data 8']],
    ['nor does what comes after a gap at once', 'bbb.?????....', ['raised 2', 'no data 6', 'data again 9', 'resolved 12']],
    ['missing data never raises', 'bb?????????b', ['no data 4', 'data again 11']],
    ['it goes on being bad after a gap', 'bb????bbb', ['no data 4', 'data again 6', 'raised 7']],
    ['a short gap changes nothing', 'b?b?', ['raised 2']],
    ['no data is said once', '.?????????', ['no data 3']],
    ['nothing was ever read', '?????????', []],
    ['nobody is told during maintenance', 'BBB,,,,', ['raised 2 (silent)', 'resolved 6 (silent)']],
    ['what is still bad after maintenance is told', 'BBBBbb', ['raised 2 (silent)', 'raised 4']],
    ['the end of what was told is told', 'bbb,,,,', ['raised 2', 'resolved 6']],
    ['missing data in maintenance is not told', '.!!!', ['no data 3 (silent)']],
    ['flapping is one alarm', 'bbb....bbb....bbb....', ['raised 2', 'resolved 6', 'raised 9', 'resolved 13', 'raised 16', 'flapping 16']],
    ['which ends after a quiet window', `bbb....bbb....bbb${'.'.repeat(33)}`, ['raised 2', 'resolved 6', 'raised 9', 'resolved 13', 'raised 16', 'flapping 16', 'resolved 47']],
  ])('%s', (_, course, told) => {
    expect(play(course).told).toEqual(told);
  });

  it('after it flapped it is an ordinary alarm again', () => {
    const { state } = play(`bbb....bbb....bbb${'.'.repeat(33)}bbb`);
    expect(state).toMatchObject({ phase: 'raised', flapping: false, told: true });
  });

  it('low is bad where the rules say so', () => {
    const low: AlarmRules = { ...rules, badSide: 'below', forMs: 0 };
    const at = (atMs: number, value: number, state: AlarmState) => stepAlarm(low, state, { atMs, value, raiseAt: 10, resolveAt: 20, maintenance: false });
    const raised = at(0, 5, initialAlarmState);
    expect(raised.events.map(({ kind }) => kind)).toEqual(['raised']);
    const between = at(minuteMs, 15, raised.state);
    expect(between.state.lastWasBad).toBe(true);
    expect(at(2 * minuteMs, 25, between.state).state.lastWasBad).toBe(false);
  });

  it('without a limit it is never raised, and what is no number is no data', () => {
    const unlimited = { maintenance: false, raiseAt: Infinity, resolveAt: Infinity };
    let state = initialAlarmState;
    for (let minute = 0; minute < 20; minute += 1) state = stepAlarm({ ...rules, forMs: 0 }, state, { ...unlimited, atMs: minute * minuteMs, value: minute % 2 === 0 ? Number.NaN : 1e300 }).state;
    expect(state.phase).toBe('ok');
    expect(state.lastReadingMs).toBe(19 * minuteMs);
  });

  it('a reading that is not newer changes nothing', () => {
    const { state } = play('bb');
    expect(stepAlarm(rules, state, { atMs: 0, value: 1, raiseAt: 90, resolveAt: 80, maintenance: false })).toEqual({ state, events: [] });
  });
});

describe('whatever comes', () => {
  const anyCourse = fc.array(fc.constantFrom(...Object.keys(letters)), { maxLength: 200 }).map((course) => course.join(''));

  it('what is told to begin is told to end, in turn, and only good readings end it', () => {
    fc.assert(
      fc.property(anyCourse, (course) => {
        const { events, state } = play(course);
        const told = events.filter(({ kind, tell }) => tell && (kind === 'raised' || kind === 'resolved')).map(({ kind }) => kind);
        expect(told).toEqual(told.map((_, index) => (index % 2 === 0 ? 'raised' : 'resolved')));
        expect(state.told).toBe(told.at(-1) === 'raised');
        for (const { kind, atMs } of events) if (kind === 'resolved') expect('.,-').toContain(course[atMs / minuteMs]);
      }),
    );
  });

  it('data that is missing at the end leaves the phase as it was', () => {
    fc.assert(
      fc.property(anyCourse, fc.integer({ min: 1, max: 500 }), (course, gap) => {
        expect(play(course + '?'.repeat(gap)).state.phase).toBe(play(course).state.phase);
      }),
    );
  });

  it('maintenance changes only who is told', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('b', '.', '?'), { maxLength: 200 }), (course) => {
        const silent = course.map((letter) => ({ b: 'B', '.': ',', '?': '!' })[letter]!).join('');
        const [open, hidden] = [play(course.join('')), play(silent)];
        expect(hidden.events.map(({ kind, atMs }) => ({ kind, atMs }))).toEqual(open.events.map(({ kind, atMs }) => ({ kind, atMs })));
        expect(hidden.events.some(({ tell }) => tell)).toBe(false);
      }),
    );
  });

  it('the usual rules hold together', () => {
    expect(defaultAlarmRules.flapping.windowMs).toBeGreaterThan(defaultAlarmRules.resolveAfterMs);
    expect(defaultAlarmRules.flapping.raises).toBeGreaterThan(1);
  });
});
