import { defineAlarmKind, type AlarmReading } from '../../define/alarm-kind.ts';
import type { Series } from '../../define/series.ts';
import { gauge, nowMs } from '../alarms/alarms.samples.ts';
import { latest, withLabels } from '../alarms/measure.ts';

const available = 'node_filesystem_avail_bytes';
const size = 'node_filesystem_size_bytes';
const pretended = new Set(['tmpfs', 'devtmpfs', 'ramfs', 'overlay', 'squashfs', 'iso9660', 'efivarfs', 'fuse.lxcfs', 'nsfs', 'rootfs']);
const chosen = `fstype!~"${[...pretended].map((one) => one.replace('.', '[.]')).join('|')}", mountpoint!~"/(dev|proc|sys|run)(/.*)?"`;

const of = (mountpoint: string, freeBytes: number, sizeBytes: number, fstype = 'ext4'): Series[] => [
  gauge(available, freeBytes, { mountpoint, fstype, device: '/dev/sda1' }),
  gauge(size, sizeBytes, { mountpoint, fstype, device: '/dev/sda1' }),
];

export default defineAlarmKind({
  id: 'filesystem-filling',
  subject: 'filesystem',
  title: 'A file system fills up',
  about: `How full a file system is for those who are not root. 90 % is the limit; for one of more than 500 GB 50 GB that are left count instead, since a tenth of a large one is much. Read-only images, memory and what containers
see of the host's are left out.`,
  unit: '%',
  symptom: 'space-low',
  severity: 'warning',
  metrics: [available, size],
  bad: 'above',
  fixedLimit: 90,
  learned: false,
  forSeconds: 300,
  clearSeconds: 300,
  measure: (view) => {
    const sizes = latest(view, size);
    const seen = new Set<string>();
    return latest(view, available).flatMap(({ labels, value }): AlarmReading[] => {
      const { mountpoint = '', fstype = '' } = labels;
      const all = withLabels(sizes, labels)?.value ?? 0;
      if (all <= 0 || pretended.has(fstype) || seen.has(mountpoint) || /^\/(dev|proc|sys|run)(\/|$)/.test(mountpoint)) return [];
      seen.add(mountpoint);
      return [{ object: `filesystem/${mountpoint}`, value: 100 * (1 - value / all), fixedLimit: Math.max(90, 100 * (1 - 50e9 / all)) }];
    });
  },
  promql: {
    value: `100 * (1 - min by (instance, mountpoint) (${available}{${chosen}}) / min by (instance, mountpoint) (${size}{${chosen}} > 0))`,
    fixedLimit: `clamp_min(100 * (1 - 50e9 / min by (instance, mountpoint) (${size}{${chosen}} > 0)), 90)`,
    objectLabels: ['mountpoint'],
    objectPrefix: 'filesystem/',
  },
  says: ({ object, value }) => `${object.slice('filesystem/'.length)} is ${value.toFixed(value > 99 ? 1 : 0)} % full.`,
  examples: {
    raised: [
      { name: 'root is nearly full', nowMs, series: of('/', 2e9, 1e11), expect: [{ object: 'filesystem//', value: 98, fixedLimit: 90 }] },
      { name: '20 GB left of 10 TB', nowMs, series: of('/srv', 20e9, 10e12), expect: [{ value: 99.8, fixedLimit: 99.5 }] },
    ],
    quiet: [
      { name: '300 GB left of 10 TB', nowMs, series: of('/srv', 300e9, 10e12), expect: [{ value: 97, fixedLimit: 99.5 }] },
      { name: 'memory and images', nowMs, series: [...of('/run', 0, 1e6, 'tmpfs'), ...of('/snap/core', 0, 1e8, 'squashfs')], expect: [] },
    ],
  },
});
