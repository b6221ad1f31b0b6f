import { defineAlarmKind, type AlarmReading } from '../../define/alarm-kind.ts';
import { gauge, nowMs } from '../alarms/alarms.samples.ts';
import { latest, withLabels } from '../alarms/measure.ts';

const now = 'node_hwmon_temp_celsius';
const critical = 'node_hwmon_temp_crit_celsius';
const highest = 'node_hwmon_temp_max_celsius';

/** A sensor that is not connected shows absurd limits or values. */
const plausible = (celsius: number | undefined): celsius is number => celsius !== undefined && celsius > 20 && celsius < 150;

export default defineAlarmKind({
  id: 'temperature',
  subject: 'cpu',
  title: 'Something is hot',
  about: 'Degrees that are missing to the critical temperature that the sensor itself names (its maximum where it names no critical one). Sensors that name neither are not judged. Less than 5 degrees is too near.',
  unit: '°C to the limit',
  symptom: 'device-warning',
  severity: 'critical',
  metrics: [now, critical, highest],
  bad: 'below',
  fixedLimit: 5,
  learned: false,
  forSeconds: 120,
  clearSeconds: 300,
  measure: (view) => {
    const limits = [latest(view, critical), latest(view, highest)];
    return latest(view, now).flatMap(({ labels, value }): AlarmReading[] => {
      const { chip = '', sensor = '' } = labels;
      const limit = limits.map((list) => withLabels(list, { chip, sensor })?.value).find(plausible);
      return limit === undefined || !plausible(value) ? [] : [{ object: `sensor/${chip}/${sensor}`, value: limit - value }];
    });
  },
  promql: {
    value: '(max by (instance, chip, sensor) (node_hwmon_temp_crit_celsius > 20 < 150) or max by (instance, chip, sensor) (node_hwmon_temp_max_celsius > 20 < 150)) - max by (instance, chip, sensor) (node_hwmon_temp_celsius > 20 < 150)',
    objectLabels: ['chip', 'sensor'],
    objectPrefix: 'sensor/',
  },
  says: ({ object, value }) => `${object.slice('sensor/'.length)} is ${value <= 0 ? 'at its limit' : `${value.toFixed(0)} °C from its limit`}.`,
  examples: {
    raised: [{ name: '98 of 100 degrees', nowMs, series: [gauge(now, 98, { chip: 'coretemp', sensor: 'temp1' }), gauge(critical, 100, { chip: 'coretemp', sensor: 'temp1' })], expect: [{ object: 'sensor/coretemp/temp1', value: 2 }] }],
    quiet: [
      { name: '60 of 100 degrees', nowMs, series: [gauge(now, 60, { chip: 'coretemp', sensor: 'temp1' }), gauge(critical, 100, { chip: 'coretemp', sensor: 'temp1' })], expect: [{ value: 40 }] },
      { name: 'a sensor that is not connected', nowMs, series: [gauge(now, -40, { chip: 'nct', sensor: 'temp3' }), gauge(highest, 0, { chip: 'nct', sensor: 'temp3' })], expect: [] },
    ],
  },
});
