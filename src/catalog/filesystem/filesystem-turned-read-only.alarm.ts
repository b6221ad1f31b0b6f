import { defineAlarmKind, type AlarmReading } from '../../define/alarm-kind.ts';
import type { Series } from '../../define/series.ts';
import { course, gauge, nowMs } from '../alarms/alarms.samples.ts';

const readOnly = 'node_filesystem_readonly';
const labels = { mountpoint: '/srv', fstype: 'ext4' };
const dayMs = 86_400_000;
const turned: Series = { metric: readOnly, labels, timesMs: [nowMs - 3_600_000, nowMs], values: [0, 1] };

export default defineAlarmKind({
  id: 'filesystem-turned-read-only',
  subject: 'filesystem',
  title: 'A file system turned read-only',
  about: 'A file system that could be written within the last day and cannot any more. One that is read-only on purpose always was.',
  unit: '(1 = read-only)',
  symptom: 'errors-logged',
  severity: 'critical',
  metrics: [readOnly],
  looksBackSeconds: 86_400,
  bad: 'above',
  fixedLimit: 0,
  learned: false,
  forSeconds: 0,
  clearSeconds: 60,
  measure: (view) =>
    view.series(readOnly, dayMs / 1000).flatMap((one): AlarmReading[] => {
      const wasWritable = one.values.some((value) => value === 0);
      return [{ object: `filesystem/${one.labels['mountpoint'] ?? ''}`, value: wasWritable ? (one.values.at(-1) ?? 0) : 0 }];
    }),
  promql: { value: `max by (instance, mountpoint) (${readOnly} * (min_over_time(${readOnly}[1d]) == bool 0))`, objectLabels: ['mountpoint'], objectPrefix: 'filesystem/' },
  says: ({ object }) => `${object.slice('filesystem/'.length)} turned read-only.`,
  examples: {
    raised: [{ name: 'an hour ago it could be written', nowMs, series: [turned], expect: [{ object: 'filesystem//srv', value: 1 }] }],
    quiet: [
      { name: 'an image that always was', nowMs, series: [gauge(readOnly, 1, labels)], expect: [{ value: 0 }] },
      { name: 'mounted writable again', nowMs, series: [course(readOnly, labels, (seconds) => (seconds < 60 ? 1 : 0))], expect: [{ value: 0 }] },
    ],
  },
});
