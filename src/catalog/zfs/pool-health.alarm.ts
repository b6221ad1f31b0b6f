import { defineAlarmKind, type AlarmReading } from '../../define/alarm-kind.ts';
import { gauge, nowMs } from '../alarms/alarms.samples.ts';
import { latest } from '../alarms/measure.ts';

const state = 'node_zfs_zpool_state';
const states = ['online', 'degraded', 'faulted', 'offline', 'unavail', 'removed', 'suspended'];
const pool = (zpool: string, is: string) => states.map((one) => gauge(state, one === is ? 1 : 0, { zpool, state: one }));

export default defineAlarmKind({
  id: 'pool-health',
  subject: 'zfs',
  title: 'A ZFS pool is not online',
  about: 'A pool in any state but ONLINE, as /proc/spl/kstat/zfs/<pool>/state has it: degraded, faulted, or suspended, in which all that touches it hangs. node_exporter 1.8 and older know no suspended pool; the sampler over ssh does.',
  unit: '(1 = not online)',
  symptom: 'redundancy-lost',
  severity: 'critical',
  metrics: [state],
  bad: 'above',
  fixedLimit: 0,
  learned: false,
  forSeconds: 30,
  clearSeconds: 60,
  measure: (view) => {
    const now = latest(view, state);
    return [...new Set(now.map(({ labels }) => labels['zpool'] ?? ''))].map((zpool): AlarmReading => {
      const online = now.some(({ labels, value }) => labels['zpool'] === zpool && labels['state'] === 'online' && value === 1);
      return { object: `storage/${zpool}`, value: online ? 0 : 1 };
    });
  },
  promql: { value: `1 - max by (instance, zpool) (${state}{state="online"})`, objectLabels: ['zpool'], objectPrefix: 'storage/' },
  says: ({ object }) => `The pool ${object.slice('storage/'.length)} is not online.`,
  examples: {
    raised: [
      { name: 'degraded', nowMs, series: [...pool('tank', 'degraded'), ...pool('rpool', 'online')], expect: [{ object: 'storage/tank', value: 1 }, { object: 'storage/rpool', value: 0 }] },
      { name: 'a state that the exporter does not know', nowMs, series: pool('tank', 'none of these'), expect: [{ value: 1 }] },
    ],
    quiet: [
      { name: 'online', nowMs, series: pool('tank', 'online'), expect: [{ value: 0 }] },
      { name: 'no pool', nowMs, series: [], expect: [] },
    ],
  },
});
