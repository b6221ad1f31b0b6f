import { defineAlarmKind } from '../../define/alarm-kind.ts';
import { course, nowMs } from '../alarms/alarms.samples.ts';

const kills = 'node_vmstat_oom_kill';

export default defineAlarmKind({
  id: 'out-of-memory',
  subject: 'memory',
  title: 'The kernel killed a process for memory',
  about: 'Processes that the kernel ended within the last ten minutes because memory ran out, on the whole host or at the limit of a container.',
  unit: 'processes',
  symptom: 'errors-logged',
  severity: 'critical',
  metrics: [kills],
  bad: 'above',
  fixedLimit: 0,
  learned: false,
  forSeconds: 0,
  clearSeconds: 600,
  measure: (view) =>
    view.series(kills, 600).flatMap(({ values }) => {
      const [first, last] = [values[0], values.at(-1)];
      return first === undefined || last === undefined ? [] : [{ object: 'host', value: Math.max(0, last - first) }];
    }),
  promql: { value: `max by (instance) (${kills} - min_over_time(${kills}[10m]))` },
  says: ({ value }) => `The kernel ended ${value.toFixed(0)} ${value === 1 ? 'process' : 'processes'} within ten minutes because memory ran out.`,
  examples: {
    raised: [{ name: 'two within a minute', nowMs, series: [course(kills, {}, (seconds) => (seconds < 60 ? 3 : 5))], expect: [{ object: 'host', value: 2 }] }],
    quiet: [
      { name: 'three, long ago', nowMs, series: [course(kills, {}, () => 3)], expect: [{ value: 0 }] },
      { name: 'the host was rebooted', nowMs, series: [course(kills, {}, (seconds) => (seconds < 60 ? 3 : 0))], expect: [{ value: 0 }] },
    ],
  },
});
