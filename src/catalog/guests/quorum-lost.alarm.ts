import { defineAlarmKind } from '../../define/alarm-kind.ts';
import { ownMetrics } from '../../define/history.ts';
import { gauge, nowMs } from '../alarms/alarms.samples.ts';
import { latest } from '../alarms/measure.ts';

const { clusterQuorate } = ownMetrics;

export default defineAlarmKind({
  id: 'quorum-lost',
  subject: 'guests',
  title: 'The cluster has no majority',
  about: 'Nodes of a Proxmox VE cluster that see fewer than half of it may change nothing: no guest starts, no setting is saved, and with high availability they restart themselves. A node by itself has no cluster and is not judged.',
  unit: '(1 = has it)',
  severity: 'critical',
  metrics: [clusterQuorate],
  bad: 'below',
  fixedLimit: 1,
  learned: false,
  forSeconds: 60,
  clearSeconds: 60,
  measure: (view) => latest(view, clusterQuorate).map(({ labels, value }) => ({ object: `cluster/${labels['cluster'] ?? ''}`, value })),
  says: ({ object }) => `The cluster ${object.slice('cluster/'.length)} has no majority of its nodes.`,
  examples: {
    raised: [{ name: 'lost', nowMs, series: [gauge(clusterQuorate, 0, { cluster: 'lab' })], expect: [{ object: 'cluster/lab', value: 0 }] }],
    quiet: [
      { name: 'all is well', nowMs, series: [gauge(clusterQuorate, 1, { cluster: 'lab' })], expect: [{ value: 1 }] },
      { name: 'a node by itself', nowMs, series: [], expect: [] },
    ],
  },
});
