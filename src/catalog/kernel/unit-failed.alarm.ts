import { defineAlarmKind, type AlarmReading } from '../../define/alarm-kind.ts';
import { gauge, nowMs } from '../alarms/alarms.samples.ts';
import { latest } from '../alarms/measure.ts';

const state = 'node_systemd_unit_state';
const unit = (name: string, failed: 0 | 1) => [gauge(state, failed, { name, state: 'failed', type: 'simple' }), gauge(state, 1 - failed, { name, state: 'active', type: 'simple' })];

export default defineAlarmKind({
  id: 'unit-failed',
  subject: 'kernel',
  title: 'A service failed',
  about: 'A unit of systemd in the state "failed".',
  unit: '(1 = failed)',
  symptom: 'errors-logged',
  severity: 'warning',
  metrics: [state],
  bad: 'above',
  fixedLimit: 0,
  learned: false,
  forSeconds: 120,
  clearSeconds: 30,
  measure: (view) => latest(view, state).flatMap(({ labels, value }): AlarmReading[] => (labels['state'] === 'failed' ? [{ object: `unit/${labels['name'] ?? ''}`, value }] : [])),
  promql: { value: `max by (instance, name) (${state}{state="failed"})`, objectLabels: ['name'], objectPrefix: 'unit/' },
  says: ({ object }) => `The unit ${object.slice('unit/'.length)} failed.`,
  examples: {
    raised: [{ name: 'one of two', nowMs, series: [...unit('pveproxy.service', 1), ...unit('ssh.service', 0)], expect: [{ object: 'unit/pveproxy.service', value: 1 }, { object: 'unit/ssh.service', value: 0 }] }],
    quiet: [{ name: 'all run', nowMs, series: unit('ssh.service', 0), expect: [{ value: 0 }] }],
  },
});
