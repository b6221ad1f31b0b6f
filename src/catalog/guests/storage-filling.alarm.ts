import { defineAlarmKind, type AlarmReading } from '../../define/alarm-kind.ts';
import { ownMetrics } from '../../define/history.ts';
import { gauge, nowMs } from '../alarms/alarms.samples.ts';
import { latest, withLabels } from '../alarms/measure.ts';

const { storageSize, storageUsed } = ownMetrics;
const of = (storage: string, used: number, size: number) => [gauge(storageUsed, used, { storage }), gauge(storageSize, size, { storage })];

export default defineAlarmKind({
  id: 'storage-filling',
  subject: 'guests',
  title: 'A storage of guests fills up',
  about: 'How full a storage is by what Proxmox VE counts, or a pool by what ZFS counts. From 80 % on ZFS and thin pools begin to suffer; guests stop when there is nothing left. 85 % is the limit.',
  unit: '%',
  symptom: 'space-low',
  severity: 'warning',
  metrics: [storageUsed, storageSize],
  bad: 'above',
  fixedLimit: 85,
  learned: false,
  forSeconds: 300,
  clearSeconds: 300,
  measure: (view) => {
    const sizes = latest(view, storageSize, 600);
    return latest(view, storageUsed, 600).flatMap(({ labels, value }): AlarmReading[] => {
      const size = withLabels(sizes, labels)?.value ?? 0;
      return size > 0 ? [{ object: `storage/${labels['storage'] ?? ''}`, value: (100 * value) / size }] : [];
    });
  },
  says: ({ object, value }) => `${object.slice('storage/'.length)} is ${value.toFixed(value > 99 ? 1 : 0)} % full.`,
  examples: {
    raised: [{ name: 'a thin pool at 97 %', nowMs, series: of('local-lvm', 97e9, 100e9), expect: [{ object: 'storage/local-lvm', value: 97 }] }],
    quiet: [
      { name: 'half full', nowMs, series: of('tank', 5e12, 10e12), expect: [{ value: 50 }] },
      { name: 'a storage of unknown size', nowMs, series: of('remote', 5e12, 0), expect: [] },
    ],
  },
});
