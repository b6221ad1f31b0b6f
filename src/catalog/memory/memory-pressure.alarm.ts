import { defineAlarmKind } from '../../define/alarm-kind.ts';
import { counter, gauge, nowMs } from '../alarms/alarms.samples.ts';
import { latestOf, rates, sumOf } from '../alarms/measure.ts';

const waiting = 'node_pressure_memory_waiting_seconds_total';
const available = 'node_memory_MemAvailable_bytes';
const total = 'node_memory_MemTotal_bytes';

export default defineAlarmKind({
  id: 'memory-pressure',
  subject: 'memory',
  title: 'Memory is short',
  about: `The share of time in which some task waited for memory to be freed or to come back from swap (pressure stall information). A memory that is merely full is no trouble: caches and ZFS's ARC fill it and give way. On kernels
without that measure the share of memory that is still available counts, and less than 3 % of it reads as 30 % of the time.`,
  unit: '% of the time',
  symptom: 'memory-pressure',
  severity: 'warning',
  metrics: [waiting, available, total],
  bad: 'above',
  fixedLimit: 20,
  learned: true,
  forSeconds: 180,
  clearSeconds: 300,
  measure: (view) => {
    const pressure = rates(view, waiting);
    if (pressure.length > 0) return [{ object: 'host', value: 100 * sumOf(pressure) }];
    const [free, all] = [latestOf(view, available), latestOf(view, total)];
    return free === undefined || all === undefined || all <= 0 ? [] : [{ object: 'host', value: free / all < 0.03 ? 30 : 0 }];
  },
  promql: { value: `100 * sum by (instance) (rate(${waiting}[$window])) or 30 * (max by (instance) (${available}) / max by (instance) (${total}) < bool 0.03)` },
  says: ({ value }) => `Tasks waited for memory ${value.toFixed(0)} % of the time.`,
  examples: {
    raised: [
      { name: 'half of the time', nowMs, series: [counter(waiting, 0.5)], expect: [{ object: 'host', value: 50 }] },
      { name: 'an old kernel with 1 % left', nowMs, series: [gauge(available, 1e8), gauge(total, 1e10)], expect: [{ value: 30 }] },
    ],
    quiet: [
      { name: 'full of caches, and nobody waits', nowMs, series: [counter(waiting, 0.001), gauge(available, 1e8), gauge(total, 1e10)], expect: [{ object: 'host' }] },
      { name: 'an old kernel with room', nowMs, series: [gauge(available, 5e9), gauge(total, 1e10)], expect: [{ value: 0 }] },
    ],
  },
});
