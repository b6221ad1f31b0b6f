import { defineAlarmKind, type AlarmReading } from '../../define/alarm-kind.ts';
import { ownMetrics } from '../../define/history.ts';
import type { Series } from '../../define/series.ts';
import { gauge, nowMs } from '../alarms/alarms.samples.ts';

const { guestRunning } = ownMetrics;
const hourMs = 3_600_000;
const labels = { guest: 'qemu/100', onboot: '1' };
const stopped: Series = { metric: guestRunning, labels, timesMs: [nowMs - hourMs / 2, nowMs - 60_000, nowMs], values: [1, 0, 0] };

export default defineAlarmKind({
  id: 'guest-down',
  subject: 'guests',
  title: 'A guest is down',
  about: 'A VM or container that is to start with the host ran within the last hour and does not now. One that is always off, or that is not to start by itself, is nobody\'s trouble.',
  unit: '(1 = down)',
  symptom: 'guest-down',
  severity: 'critical',
  metrics: [guestRunning],
  looksBackSeconds: 3600,
  bad: 'above',
  fixedLimit: 0,
  learned: false,
  forSeconds: 120,
  clearSeconds: 30,
  measure: (view) =>
    view
      .series(guestRunning, hourMs / 1000)
      .filter((one) => one.labels['onboot'] === '1')
      .map(({ labels: { guest = '' }, values }): AlarmReading => ({ object: guest, value: values.includes(1) && values.at(-1) === 0 ? 1 : 0 })),
  says: ({ object }) => `${object} ran, is to run, and does not.`,
  examples: {
    raised: [{ name: 'it stopped a minute ago', nowMs, series: [stopped], expect: [{ object: 'qemu/100', value: 1 }] }],
    quiet: [
      { name: 'it runs', nowMs, series: [gauge(guestRunning, 1, labels)], expect: [{ value: 0 }] },
      { name: 'a template that never runs', nowMs, series: [gauge(guestRunning, 0, labels)], expect: [{ value: 0 }] },
      { name: 'switched off by hand, and not to start by itself', nowMs, series: [{ ...stopped, labels: { guest: 'qemu/101', onboot: '0' } }], expect: [] },
    ],
  },
});
