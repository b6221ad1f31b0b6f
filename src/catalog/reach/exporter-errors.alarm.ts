import { defineAlarmKind } from '../../define/alarm-kind.ts';
import { gauge, nowMs } from '../alarms/alarms.samples.ts';
import { latest } from '../alarms/measure.ts';

const success = 'node_scrape_collector_success';

export default defineAlarmKind({
  id: 'exporter-errors',
  subject: 'reach',
  title: 'A collector of the exporter fails',
  about: 'node_exporter says of each of its collectors whether it could read what it reads. A collector that never had anything to read, such as one for hardware that is not there, fails always: only one that worked within the last hour counts.',
  unit: '(1 = works)',
  severity: 'warning',
  metrics: [success],
  looksBackSeconds: 3600,
  bad: 'below',
  fixedLimit: 1,
  learned: false,
  forSeconds: 600,
  clearSeconds: 120,
  measure: (view) => {
    const worked = view.series(success, 3600).filter(({ values }) => values.some((value) => value >= 1));
    return latest(view, success)
      .filter(({ labels }) => worked.some((one) => one.labels['collector'] === labels['collector']))
      .map(({ labels, value }) => ({ object: `collector/${labels['collector'] ?? ''}`, value }));
  },
  promql: {
    value: `min by (instance, collector) (${success}) and on (instance, collector) max by (instance, collector) (max_over_time(${success}[1h])) == 1`,
    objectLabels: ['collector'],
    objectPrefix: 'collector/',
  },
  says: ({ object }) => `The exporter's collector ${object.slice('collector/'.length)} fails, and did not before.`,
  examples: {
    raised: [
      {
        name: 'zfs failed half a minute ago',
        nowMs,
        series: [{ metric: success, labels: { collector: 'zfs' }, timesMs: [nowMs - 60_000, nowMs - 30_000, nowMs], values: [1, 0, 0] }],
        expect: [{ object: 'collector/zfs', value: 0 }],
      },
    ],
    quiet: [
      { name: 'one that never worked', nowMs, series: [gauge(success, 0, { collector: 'infiniband' })], expect: [] },
      { name: 'one that works', nowMs, series: [gauge(success, 1, { collector: 'cpu' })], expect: [{ value: 1 }] },
    ],
  },
});
