import { defineAlarmKind, type AlarmReading } from '../../define/alarm-kind.ts';
import { gauge, nowMs } from '../alarms/alarms.samples.ts';
import { latest } from '../alarms/measure.ts';

/** smartctl_exporter, the textfile scripts of node_exporter for smartmontools and nvme-cli, and our own sampler: 1 is healthy. */
const healthy = ['smartctl_device_smart_status', 'smartmon_device_smart_healthy'];
/** Of NVMe disks: a bit set is a warning (NVM Express Base Specification, SMART / Health Information, byte 0). */
const warnings = ['smartctl_device_critical_warning', 'nvme_critical_warning_total'];
const hourSeconds = 3600;

const nameOf = (labels: Readonly<Record<string, string>>): string => (labels['device'] ?? labels['disk'] ?? '').replace(/^\/dev\//, '');

export default defineAlarmKind({
  id: 'device-health',
  subject: 'disk',
  title: 'A disk warns of itself',
  about: 'The disk\'s own judgement: the overall health self-assessment of SMART, or a critical warning of an NVMe disk. Both mean that it is to be replaced soon. Many disks fail without such a warning.',
  unit: '(1 = warns)',
  symptom: 'device-warning',
  severity: 'critical',
  metrics: [...healthy, ...warnings],
  looksBackSeconds: 3600,
  bad: 'above',
  fixedLimit: 0,
  learned: false,
  forSeconds: 0,
  clearSeconds: 3600,
  measure: (view) => {
    const verdicts = new Map<string, number>();
    const note = (labels: Readonly<Record<string, string>>, warns: boolean): void => void verdicts.set(nameOf(labels), Math.max(verdicts.get(nameOf(labels)) ?? 0, warns ? 1 : 0));
    for (const metric of healthy) for (const { labels, value } of latest(view, metric, hourSeconds)) note(labels, value === 0);
    for (const metric of warnings) for (const { labels, value } of latest(view, metric, hourSeconds)) note(labels, value > 0);
    return [...verdicts].map(([device, value]): AlarmReading => ({ object: `disk/${device}`, value }));
  },
  promql: {
    value:
      'max by (instance, device) (label_replace(label_replace(smartctl_device_smart_status == bool 0, "sign", "smartctl", "", "") or label_replace(smartctl_device_critical_warning > bool 0, "sign", "critical", "", "") or label_replace(label_replace(smartmon_device_smart_healthy == bool 0, "device", "$1", "disk", "(.+)"), "sign", "smartmon", "", "") or label_replace(nvme_critical_warning_total > bool 0, "sign", "nvme", "", ""), "device", "$1", "device", "(?:/dev/)?(.*)"))',
    objectLabels: ['device'],
    objectPrefix: 'disk/',
  },
  says: ({ object }) => `The disk ${object.slice('disk/'.length)} warns that it is failing.`,
  examples: {
    raised: [
      { name: 'SMART says failed', nowMs, series: [gauge('smartmon_device_smart_healthy', 0, { disk: '/dev/sda' })], expect: [{ object: 'disk/sda', value: 1 }] },
      { name: 'a critical warning beside a status that passed', nowMs, series: [gauge('smartctl_device_smart_status', 1, { device: 'nvme0' }), gauge('smartctl_device_critical_warning', 4, { device: 'nvme0' })], expect: [{ object: 'disk/nvme0', value: 1 }] },
    ],
    quiet: [{ name: 'all passed', nowMs, series: [gauge('smartctl_device_smart_status', 1, { device: 'sda' }), gauge('smartctl_device_critical_warning', 0, { device: 'nvme0' })], expect: [{ value: 0 }, { value: 0 }] }],
  },
});
