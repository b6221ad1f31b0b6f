import { defineAlarmKind } from '../../define/alarm-kind.ts';
import { ownMetrics } from '../../define/history.ts';
import { gauge, nowMs } from '../alarms/alarms.samples.ts';
import { latest, latestOf } from '../alarms/measure.ts';

const load = 'node_load5';
const cpu = 'node_cpu_seconds_total';
const processors = ['0', '1', '2', '3'].map((number) => gauge(cpu, 1e6, { cpu: number, mode: 'idle' }));

export default defineAlarmKind({
  id: 'high-load',
  subject: 'cpu',
  title: 'High load',
  about: `The load average over five minutes: tasks that run, want to run, or wait where they cannot be interrupted. How much is normal differs from host to host, so the threshold is learned from the host's own weeks;
twice as many as it has processors is what common rules take for too much.`,
  unit: 'tasks',
  decimals: 1,
  symptom: 'high-load',
  severity: 'warning',
  metrics: [load, cpu, ownMetrics.cpuCount],
  bad: 'above',
  learned: true,
  forSeconds: 600,
  clearSeconds: 600,
  measure: (view) => {
    const value = latestOf(view, load);
    const count = new Set(latest(view, cpu).map(({ labels }) => labels['cpu'])).size || (latestOf(view, ownMetrics.cpuCount) ?? 0);
    return value === undefined ? [] : [{ object: 'host', value, ...(count > 0 ? { fixedLimit: 2 * count } : {}) }];
  },
  promql: { value: 'max by (instance) (node_load5)', fixedLimit: '2 * count by (instance) (count by (instance, cpu) (node_cpu_seconds_total))' },
  says: ({ value, fixedLimit }) => `The load is ${value.toFixed(1)}${fixedLimit === undefined ? '' : ` on ${fixedLimit / 2} processors`}.`,
  examples: {
    raised: [{ name: 'thirty tasks on four processors', nowMs, series: [gauge(load, 30), ...processors], expect: [{ object: 'host', value: 30, fixedLimit: 8 }] }],
    quiet: [
      { name: 'processors as the API of Proxmox VE counts them', nowMs, series: [gauge(load, 3), gauge(ownMetrics.cpuCount, 2)], expect: [{ value: 3, fixedLimit: 4 }] },
      { name: 'a load of three', nowMs, series: [gauge(load, 3), ...processors], expect: [{ value: 3, fixedLimit: 8 }] },
      { name: 'the number of processors is not known', nowMs, series: [gauge(load, 3)], expect: [{ value: 3 }] },
    ],
  },
});
