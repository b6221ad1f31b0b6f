import { defineAlarmKind } from '../../define/alarm-kind.ts';
import { gauge, nowMs } from '../alarms/alarms.samples.ts';
import { latest } from '../alarms/measure.ts';

export default defineAlarmKind({
  id: 'source-missing',
  subject: 'reach',
  title: 'One way to a host is silent',
  about: 'One of several ways to a host does not answer while another does: an exporter that died, a port that was closed. The host is well as far as the other way tells, but less of it is seen.',
  unit: '(1 = answers)',
  severity: 'warning',
  metrics: ['up'],
  bad: 'below',
  fixedLimit: 1,
  learned: false,
  forSeconds: 300,
  clearSeconds: 60,
  measure: (view) => {
    const ways = latest(view, 'up');
    if (!ways.some(({ value }) => value >= 1)) return [];
    return ways.map(({ labels, value }) => ({ object: `source/${labels['job'] ?? 'unnamed'}`, value }));
  },
  says: ({ object }) => `${object.slice('source/'.length)} does not answer, while another way to the host does.`,
  examples: {
    raised: [{ name: 'the exporter is silent', nowMs, series: [gauge('up', 0, { job: 'node' }), gauge('up', 1, { job: 'ssh' })], expect: [{ object: 'source/node', value: 0 }, { object: 'source/ssh', value: 1 }] }],
    quiet: [
      { name: 'nothing answers: that is another alarm', nowMs, series: [gauge('up', 0, { job: 'node' })], expect: [] },
      { name: 'all answer', nowMs, series: [gauge('up', 1, { job: 'node' })], expect: [{ object: 'source/node', value: 1 }] },
    ],
  },
});
