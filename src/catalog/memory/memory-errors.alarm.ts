import { defineAlarmKind, type AlarmReading } from '../../define/alarm-kind.ts';
import { course, nowMs } from '../alarms/alarms.samples.ts';

const corrected = 'node_edac_correctable_errors_total';
const uncorrected = 'node_edac_uncorrectable_errors_total';
const daySeconds = 86_400;
const grownInADay = (metric: string): string => `clamp_min(max by (instance, controller) (${metric} - min_over_time(${metric}[1d])), 0)`;

export default defineAlarmKind({
  id: 'memory-errors',
  subject: 'memory',
  title: 'Memory errors',
  about: 'Errors that ECC memory corrected within a day. One now and then is what ECC is for; more than ten a day come from a module that fails. One that could not be corrected counts as a thousand.',
  unit: 'errors/day',
  symptom: 'device-warning',
  severity: 'warning',
  metrics: [corrected, uncorrected],
  looksBackSeconds: 86_400,
  bad: 'above',
  fixedLimit: 10,
  learned: false,
  forSeconds: 0,
  clearSeconds: 3600,
  measure: (view) => {
    const grown = (metric: string): Map<string, number> =>
      new Map(view.series(metric, daySeconds).map(({ labels, values }) => [labels['controller'] ?? '', Math.max(0, (values.at(-1) ?? 0) - (values[0] ?? 0))]));
    const [some, bad] = [grown(corrected), grown(uncorrected)];
    return [...new Set([...some.keys(), ...bad.keys()])].map((controller): AlarmReading => ({ object: `memory-controller/${controller}`, value: (some.get(controller) ?? 0) + 1000 * (bad.get(controller) ?? 0) }));
  },
  promql: { value: `(${grownInADay(corrected)} or 0 * ${grownInADay(uncorrected)}) + 1000 * (${grownInADay(uncorrected)} or 0 * ${grownInADay(corrected)})`, objectLabels: ['controller'], objectPrefix: 'memory-controller/' },
  says: ({ object, value }) => (value >= 1000 ? `The memory of controller ${object.slice('memory-controller/'.length)} had errors that could not be corrected.` : `The memory of controller ${object.slice('memory-controller/'.length)} had ${value.toFixed(0)} corrected errors within a day.`),
  examples: {
    raised: [
      { name: 'forty', nowMs, series: [course(corrected, { controller: '0' }, (seconds) => seconds / 3)], expect: [{ object: 'memory-controller/0', value: 40 }] },
      { name: 'one that could not be corrected', nowMs, series: [course(uncorrected, { controller: '0' }, (seconds) => (seconds > 60 ? 1 : 0))], expect: [{ value: 1000 }] },
    ],
    quiet: [
      { name: 'one', nowMs, series: [course(corrected, { controller: '0' }, (seconds) => (seconds > 60 ? 1 : 0))], expect: [{ value: 1 }] },
      { name: 'many, long ago', nowMs, series: [course(corrected, { controller: '0' }, () => 900)], expect: [{ value: 0 }] },
    ],
  },
});
