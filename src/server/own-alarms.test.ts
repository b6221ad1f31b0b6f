import { describe, expect, it } from 'vitest';
import { OwnAlarms } from './own-alarms.ts';
import type { SelfProblem } from './self-watch.ts';

const full: SelfProblem = { id: 'history', says: 'Samples are not taken: the disk is full.' };
const mail: SelfProblem = { id: 'channel', object: 'channel/mail', says: 'The channel mail has not taken a message for 12 min: refused' };
const course = (...looks: (readonly SelfProblem[])[]): [number, string, string][] => {
  const alarms = new OwnAlarms();
  return looks.flatMap((problems, index) => alarms.look(problems, index * 30_000).map(({ kind, alarm }): [number, string, string] => [index, kind, `${alarm.kind} ${alarm.object}`]));
};

describe('alarms of the server itself', () => {
  it('begin with a problem, and end a minute after it', () => {
    expect(course([], [full], [full], [], [], [])).toEqual([[1, 'raised', 'server-history server'], [5, 'resolved', 'server-history server']]);
  });

  it('go on while it comes and goes', () => {
    expect(course([full], [], [full], [], [full])).toEqual([[0, 'raised', 'server-history server']]);
  });

  it('tell channels apart, and leave out what could not be saved anyhow', () => {
    expect(course([mail, { ...mail, object: 'channel/chat' }, { id: 'lost', says: 'lost' }, { id: 'state', says: 'not saved' }]).map(([, , what]) => what)).toEqual(['server-channel channel/mail', 'server-channel channel/chat']);
  });

  it('say what is wrong in words', () => {
    expect(new OwnAlarms().look([full], 5)).toMatchObject([{ kind: 'raised', alarm: { host: 'culprit-server', severity: 'critical', startedAtMs: 5, says: 'Samples are not taken: the disk is full.' } }]);
  });
});
