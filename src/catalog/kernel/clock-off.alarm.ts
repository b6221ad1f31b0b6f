import { defineAlarmKind, type AlarmReading } from '../../define/alarm-kind.ts';
import { gauge, nowMs } from '../alarms/alarms.samples.ts';
import { latestOf } from '../alarms/measure.ts';

/** Seconds by which the host's clock is ahead of ours, as each look measures it. */
export const clockDifference = 'culprit_clock_difference_seconds';
const synchronised = 'node_timex_sync_status';
const offset = 'node_timex_offset_seconds';

export default defineAlarmKind({
  id: 'clock-off',
  subject: 'kernel',
  title: 'The clock is wrong',
  about: `How far the host's clock is from ours, or from what its own time service says. Certificates, clusters and the order of events depend on it. Two seconds is the limit: clusters of Proxmox VE with Ceph complain much earlier, ordinary hosts later.`,
  unit: 's',
  decimals: 1,
  severity: 'warning',
  metrics: [clockDifference, offset, synchronised],
  bad: 'above',
  fixedLimit: 2,
  learned: false,
  forSeconds: 300,
  clearSeconds: 120,
  measure: (view): AlarmReading[] => {
    const seen = latestOf(view, clockDifference);
    const own = latestOf(view, synchronised) === 1 ? latestOf(view, offset) : undefined;
    const known = [seen, own].filter((value) => value !== undefined);
    return known.length === 0 ? [] : [{ object: 'host', value: Math.max(...known.map(Math.abs)) }];
  },
  promql: { value: `max by (instance) (abs(${offset}) and on (instance) ${synchronised} == 1)` },
  says: ({ value }) => `The clock is off by ${value.toFixed(1)} s.`,
  examples: {
    raised: [{ name: 'an hour behind', nowMs, series: [gauge(clockDifference, -3600)], expect: [{ object: 'host', value: 3600 }] }],
    quiet: [
      { name: 'some milliseconds', nowMs, series: [gauge(clockDifference, 0.02), gauge(offset, 0.001), gauge(synchronised, 1)], expect: [{ value: 0.02 }] },
      { name: 'nothing is known', nowMs, series: [gauge(synchronised, 0), gauge(offset, 9)], expect: [] },
    ],
  },
});
