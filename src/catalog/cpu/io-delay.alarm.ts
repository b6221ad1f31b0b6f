import { defineAlarmKind } from '../../define/alarm-kind.ts';
import { ownMetrics, rateOf } from '../../define/history.ts';
import { counter, gauge, nowMs } from '../alarms/alarms.samples.ts';
import { latest, latestOf, rates, sumOf, withLabels } from '../alarms/measure.ts';

const cpu = 'node_cpu_seconds_total';
/** Two processors that spend these shares of their time so. */
const spends = (shares: Readonly<Record<string, number>>) =>
  ['0', '1'].flatMap((number) => Object.entries(shares).map(([mode, share]) => counter(cpu, share, { cpu: number, mode })));

export default defineAlarmKind({
  id: 'io-delay',
  subject: 'cpu',
  title: 'IO delay',
  about: `The share of time in which processors had nothing to do while input or output was under way: what Proxmox VE shows as "IO delay". More than 10 % for five minutes is what common public rules mail. Quick disks do not
refute it, for what lies above the disks may be slow; a meter that is wrong is told apart by the investigation.`,
  unit: '% of the time',
  symptom: 'io-delay',
  severity: 'warning',
  metrics: [cpu, rateOf(cpu), ownMetrics.cpuCount],
  bad: 'above',
  fixedLimit: 10,
  learned: true,
  forSeconds: 300,
  clearSeconds: 300,
  measure: (view) => {
    const modes = rates(view, cpu);
    const all = sumOf(modes.filter(({ labels: { mode } }) => mode !== 'guest' && mode !== 'guest_nice'));
    if (all > 0) return [{ object: 'host', value: (100 * sumOf(modes.filter(({ labels }) => labels['mode'] === 'iowait'))) / all }];
    // As the API of Proxmox VE has it, where nothing measures on the host itself.
    const [waiting, processors] = [withLabels(latest(view, rateOf(cpu)), { mode: 'iowait' }), latestOf(view, ownMetrics.cpuCount)];
    return waiting === undefined || processors === undefined || processors <= 0 ? [] : [{ object: 'host', value: (100 * waiting.value) / processors }];
  },
  promql: { value: '100 * sum by (instance) (rate(node_cpu_seconds_total{mode="iowait"}[$window])) / sum by (instance) (rate(node_cpu_seconds_total{mode!~"guest|guest_nice"}[$window]))' },
  says: ({ value }) => `The processors waited for input and output ${value.toFixed(0)} % of the time.`,
  examples: {
    raised: [
      { name: 'a third of the time', nowMs, series: spends({ iowait: 0.33, idle: 0.57, user: 0.1 }), expect: [{ object: 'host', value: 33 }] },
      { name: 'time of guests is part of user time and counts once', nowMs, series: spends({ iowait: 0.5, idle: 0.1, user: 0.4, guest: 0.4 }), expect: [{ value: 50 }] },
      { name: 'as the API of Proxmox VE tells it', nowMs, series: [gauge(rateOf(cpu), 2, { mode: 'iowait' }), gauge(ownMetrics.cpuCount, 8)], expect: [{ object: 'host', value: 25 }] },
    ],
    quiet: [
      { name: 'busy computing', nowMs, series: spends({ iowait: 0.01, idle: 0, user: 0.99 }), expect: [{ value: 1 }] },
      { name: 'nothing was measured', nowMs, series: [], expect: [] },
    ],
  },
});
