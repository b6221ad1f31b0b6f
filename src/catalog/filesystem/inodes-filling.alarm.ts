import { defineAlarmKind, type AlarmReading } from '../../define/alarm-kind.ts';
import { gauge, nowMs } from '../alarms/alarms.samples.ts';
import { latest, withLabels } from '../alarms/measure.ts';

const free = 'node_filesystem_files_free';
const all = 'node_filesystem_files';

export default defineAlarmKind({
  id: 'inodes-filling',
  subject: 'filesystem',
  title: 'A file system runs out of inodes',
  about: 'How many of the inodes of a file system are taken. Without a free one no file can be made, however much space is left. File systems that make inodes as they need them, such as ZFS, btrfs and XFS, say a number that means little and are left out.',
  unit: '%',
  symptom: 'space-low',
  severity: 'warning',
  metrics: [free, all],
  bad: 'above',
  fixedLimit: 90,
  learned: false,
  forSeconds: 300,
  clearSeconds: 300,
  measure: (view) => {
    const totals = latest(view, all);
    return latest(view, free).flatMap(({ labels, value }): AlarmReading[] => {
      const total = withLabels(totals, labels)?.value ?? 0;
      return total > 0 && /^ext[234]$/.test(labels['fstype'] ?? '') ? [{ object: `filesystem/${labels['mountpoint'] ?? ''}`, value: 100 * (1 - value / total) }] : [];
    });
  },
  promql: {
    value: `100 * (1 - min by (instance, mountpoint) (${free}{fstype=~"ext[234]"}) / min by (instance, mountpoint) (${all}{fstype=~"ext[234]"} > 0))`,
    objectLabels: ['mountpoint'],
    objectPrefix: 'filesystem/',
  },
  says: ({ object, value }) => `${value.toFixed(value > 99 ? 1 : 0)} % of the inodes of ${object.slice('filesystem/'.length)} are taken.`,
  examples: {
    raised: [{ name: 'sessions of a web server', nowMs, series: [gauge(free, 100, { mountpoint: '/var', fstype: 'ext4' }), gauge(all, 1e6, { mountpoint: '/var', fstype: 'ext4' })], expect: [{ object: 'filesystem//var' }] }],
    quiet: [
      { name: 'half of them', nowMs, series: [gauge(free, 5e5, { mountpoint: '/var', fstype: 'ext4' }), gauge(all, 1e6, { mountpoint: '/var', fstype: 'ext4' })], expect: [{ value: 50 }] },
      { name: 'ZFS', nowMs, series: [gauge(free, 1, { mountpoint: '/tank', fstype: 'zfs' }), gauge(all, 100, { mountpoint: '/tank', fstype: 'zfs' })], expect: [] },
    ],
  },
});
