import { defineAlarmKind } from '../../define/alarm-kind.ts';
import { gauge, nowMs } from '../alarms/alarms.samples.ts';
import { latest } from '../alarms/measure.ts';

export default defineAlarmKind({
  id: 'target-missing',
  subject: 'reach',
  title: 'Target missing',
  about: `What is asked for samples does not answer: \`up\` is 0, as Prometheus names it. Of several ways to one host the best counts, so that a dead exporter beside a working ssh connection is not a dead host. Why it is silent is what the
investigation looks into, from outside when it must.`,
  unit: '(1 = answers)',
  symptom: 'target-missing',
  severity: 'critical',
  metrics: ['up'],
  bad: 'below',
  fixedLimit: 1,
  learned: false,
  forSeconds: 60,
  clearSeconds: 60,
  measure: (view) => {
    const ways = latest(view, 'up');
    return ways.length === 0 ? [] : [{ object: 'host', value: Math.max(...ways.map(({ value }) => value)) }];
  },
  promql: { value: 'max by (instance) (up)' },
  says: () => 'It does not answer.',
  examples: {
    raised: [{ name: 'neither answers', nowMs, series: [gauge('up', 0, { job: 'node' }), gauge('up', 0, { job: 'ssh' })], expect: [{ object: 'host', value: 0 }] }],
    quiet: [{ name: 'one of two ways answers', nowMs, series: [gauge('up', 0, { job: 'node' }), gauge('up', 1, { job: 'ssh' })], expect: [{ value: 1 }] }],
  },
});
