import { describe, expect, it } from 'vitest';
import { alarmKinds } from '../../catalog/index.ts';
import type { Alarm } from '../../define/alarm.ts';
import { RecentSamples } from '../recent-samples.ts';
import { alarmsSettingsSchema } from '../settings.ts';
import { AlarmWatch } from './alarm-watch.ts';

const nowMs = Date.UTC(2026, 5, 1);
const alarm = (more: Partial<Alarm>, { kind = 'io-delay', host = 'pve1' } = more): Alarm => ({ id: `${kind}-${host}`, kind, host, object: 'host', severity: 'warning', source: 'culprit', startedAtMs: nowMs - 9e6, raisedAtMs: nowMs - 8e6, says: 'It waited 30 %.', labels: {}, ...(more.source === undefined ? {} : { source: more.source }) });

function watch(standing: readonly Alarm[]): AlarmWatch {
  const settings = alarmsSettingsSchema.parse({ kinds: { 'high-load': { enabled: false } } });
  return new AlarmWatch({ hosts: ['pve1'], kinds: alarmKinds, settings, recent: new RecentSamples({ secondsOf: new Map(), mostSeriesPerHost: 10 }), learned: new Map(), standing });
}

describe('alarms that stood when the server ended', () => {
  it('end where their host is no longer watched or their kind is switched off, and it is said why', () => {
    const orphans = watch([alarm({}), alarm({ host: 'pve9' }), alarm({ kind: 'high-load' }), alarm({ kind: 'of-another-version' }), alarm({ host: 'pve8', source: 'alertmanager' })]).orphans(nowMs);
    expect(orphans.map(({ kind, alarm: { id, resolvedAtMs, says } }) => [kind, id, resolvedAtMs, /not seen to be well: (.*)/.exec(says)?.[1]])).toEqual([
      ['resolved', 'io-delay-pve9', nowMs, 'its host is no longer in the settings.'],
      ['resolved', 'high-load-pve1', nowMs, 'alarms of this kind are switched off in the settings.'],
      ['resolved', 'of-another-version-pve1', nowMs, 'alarms of this kind are switched off in the settings.'],
    ]);
  });

  it('go on where they are still looked at', () => {
    expect(watch([alarm({})]).orphans(nowMs)).toEqual([]);
    expect(watch([]).orphans(nowMs)).toEqual([]);
  });
});
