import { defineAlarmKind } from '../../define/alarm-kind.ts';
import { counter, nowMs } from '../alarms/alarms.samples.ts';
import { rates, sumOf } from '../alarms/measure.ts';

const throttles = 'node_cpu_core_throttles_total';

export default defineAlarmKind({
  id: 'throttled',
  subject: 'cpu',
  title: 'The processor throttles itself',
  about: 'How often a minute cores lowered their clock because they were too hot, all cores together. A few now and then are normal with laptops and small machines under load.',
  unit: 'times/min',
  symptom: 'device-warning',
  severity: 'warning',
  metrics: [throttles],
  bad: 'above',
  fixedLimit: 30,
  learned: true,
  forSeconds: 300,
  clearSeconds: 300,
  measure: (view) => {
    const cores = rates(view, throttles);
    return cores.length === 0 ? [] : [{ object: 'host', value: 60 * sumOf(cores) }];
  },
  promql: { value: '60 * sum by (instance) (rate(node_cpu_core_throttles_total[$window]))' },
  says: ({ value }) => `Cores lowered their clock for heat ${value.toFixed(0)} times a minute.`,
  examples: {
    raised: [{ name: 'all the time', nowMs, series: [counter(throttles, 1, { core: '0' }), counter(throttles, 1, { core: '1' })], expect: [{ object: 'host', value: 120 }] }],
    quiet: [{ name: 'never', nowMs, series: [counter(throttles, 0, { core: '0' })], expect: [{ value: 0 }] }],
  },
});
