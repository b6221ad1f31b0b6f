import { defineAlarmKind, type AlarmReading } from '../../define/alarm-kind.ts';
import { gauge, nowMs } from '../alarms/alarms.samples.ts';
import { latest, withLabels } from '../alarms/measure.ts';

const disks = 'node_md_disks';
const required = 'node_md_disks_required';

export default defineAlarmKind({
  id: 'array-degraded',
  subject: 'disk',
  title: 'An array lacks a disk',
  about: 'How many disks a Linux software RAID (md) lacks of those that it needs, by /proc/mdstat.',
  unit: 'disks',
  symptom: 'redundancy-lost',
  severity: 'critical',
  metrics: [disks, required],
  bad: 'above',
  fixedLimit: 0,
  learned: false,
  forSeconds: 60,
  clearSeconds: 60,
  measure: (view) => {
    const active = latest(view, disks).filter(({ labels }) => labels['state'] === 'active');
    return latest(view, required).map(({ labels, value }): AlarmReading => {
      const device = labels['device'] ?? '';
      return { object: `storage/${device}`, value: Math.max(0, value - (withLabels(active, { device })?.value ?? 0)) };
    });
  },
  promql: {
    value: 'clamp_min(max by (instance, device) (node_md_disks_required) - (max by (instance, device) (node_md_disks{state="active"}) or 0 * max by (instance, device) (node_md_disks_required)), 0)',
    objectLabels: ['device'],
    objectPrefix: 'storage/',
  },
  says: ({ object, value }) => `${object.slice('storage/'.length)} lacks ${value.toFixed(0)} ${value === 1 ? 'disk' : 'disks'}.`,
  examples: {
    raised: [{ name: 'one of two is gone', nowMs, series: [gauge(required, 2, { device: 'md0' }), gauge(disks, 1, { device: 'md0', state: 'active' }), gauge(disks, 1, { device: 'md0', state: 'failed' })], expect: [{ object: 'storage/md0', value: 1 }] }],
    quiet: [{ name: 'complete, with a spare', nowMs, series: [gauge(required, 2, { device: 'md0' }), gauge(disks, 2, { device: 'md0', state: 'active' }), gauge(disks, 1, { device: 'md0', state: 'spare' })], expect: [{ value: 0 }] }],
  },
});
