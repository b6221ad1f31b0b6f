import { defineAlarmKind, type AlarmReading, type SampleView } from '../../define/alarm-kind.ts';
import { counter, gauge, nowMs } from '../alarms/alarms.samples.ts';
import { latest, rates, withLabels } from '../alarms/measure.ts';
import { deviceKind } from './disk-activity.fact.ts';
import { latencyLimitMs } from './disk-limits.ts';

const info = 'node_disk_info';
const readSeconds = 'node_disk_read_time_seconds_total';
const writeSeconds = 'node_disk_write_time_seconds_total';
const reads = 'node_disk_reads_completed_total';
const writes = 'node_disk_writes_completed_total';

type Kind = keyof typeof latencyLimitMs;

function kindOf(device: string, view: SampleView): Kind {
  if (device.startsWith('nvme')) return 'nvme';
  if (/^x?vd/.test(device)) return 'virtual';
  const rotational = withLabels(latest(view, info), { device })?.labels['rotational'];
  return rotational === '1' ? 'hdd' : rotational === '0' ? 'ssd' : 'unknown';
}

/** A mean of a handful of I/Os says little. */
const leastPerSecond = 0.5;

/** Whole disks, as `deviceKind` tells them. */
const ofDisks = (counterName: string): string => `sum by (instance, device) (rate(${counterName}{device=~"(sd|hd|vd|xvd)[a-z]{1,4}|nvme[0-9]{1,4}n[0-9]{1,4}|mmcblk[0-9]{1,3}"}[$window]))`;

const disk = (device: string, ios: number, seconds: number, labels: Readonly<Record<string, string>> = {}) => [
  counter(reads, ios / 2, { device }),
  counter(writes, ios / 2, { device }),
  counter(readSeconds, seconds / 2, { device }),
  counter(writeSeconds, seconds / 2, { device }),
  gauge(info, 1, { device, ...labels }),
];

export default defineAlarmKind({
  id: 'disk-latency',
  subject: 'disk',
  title: 'A disk takes long',
  about: `How long a read or write of a disk took on average over two minutes, with its time in the queue. How much is too much depends on the kind of disk: a mechanical one under a full queue takes 20 to 50 ms, a solid-state disk 1 to 5 ms.
What is usual for this disk at this hour of the week counts as well.`,
  unit: 'ms',
  decimals: 1,
  symptom: 'disk-latency',
  severity: 'warning',
  metrics: [readSeconds, writeSeconds, reads, writes, info],
  bad: 'above',
  learned: true,
  forSeconds: 300,
  clearSeconds: 300,
  measure: (view) => {
    const done = [...rates(view, reads), ...rates(view, writes)];
    const spent = [...rates(view, readSeconds), ...rates(view, writeSeconds)];
    const devices = [...new Set(done.map(({ labels }) => labels['device'] ?? ''))].filter((device) => deviceKind(device) === 'disk');
    return devices.flatMap((device): AlarmReading[] => {
      const of = (list: typeof done): number => list.filter(({ labels }) => labels['device'] === device).reduce((sum, { value }) => sum + value, 0);
      const ios = of(done);
      return ios < leastPerSecond ? [] : [{ object: `disk/${device}`, value: (1000 * of(spent)) / ios, fixedLimit: latencyLimitMs[kindOf(device, view)] }];
    });
  },
  promql: {
    value: `1000 * (${ofDisks(readSeconds)} + ${ofDisks(writeSeconds)}) / (${ofDisks(reads)} + ${ofDisks(writes)} >= ${leastPerSecond})`,
    fixedLimit: `max by (instance, device) (label_replace(${latencyLimitMs.nvme} * (node_disk_info{device=~"nvme.+"} == bool 1), "by", "name", "", "") or label_replace(${latencyLimitMs.virtual} * (node_disk_info{device=~"x?vd.+"} == bool 1), "by", "name", "", "") or label_replace(${latencyLimitMs.hdd} * (node_disk_info{device!~"nvme.+|x?vd.+", rotational="1"} == bool 1), "by", "info", "", "") or label_replace(${latencyLimitMs.ssd} * (node_disk_info{device!~"nvme.+|x?vd.+", rotational="0"} == bool 1), "by", "info", "", "") or label_replace(${latencyLimitMs.unknown} * (node_disk_info{device!~"nvme.+|x?vd.+", rotational!~"0|1"} == bool 1), "by", "info", "", ""))`,
    objectLabels: ['device'],
    objectPrefix: 'disk/',
  },
  says: ({ object, value }) => `Reads and writes of ${object.slice('disk/'.length)} take ${value.toFixed(value < 10 ? 1 : 0)} ms.`,
  examples: {
    raised: [
      { name: 'a mechanical disk at 200 ms', nowMs, series: disk('sda', 40, 8, { rotational: '1' }), expect: [{ object: 'disk/sda', value: 200, fixedLimit: 80 }] },
      { name: 'an NVMe disk at 40 ms', nowMs, series: disk('nvme0n1', 100, 4), expect: [{ object: 'disk/nvme0n1', value: 40, fixedLimit: 15 }] },
    ],
    quiet: [
      { name: 'a mechanical disk under load', nowMs, series: disk('sda', 100, 3, { rotational: '1' }), expect: [{ value: 30, fixedLimit: 80 }] },
      { name: 'one slow I/O a minute says nothing', nowMs, series: disk('sda', 0.02, 0.01), expect: [] },
      { name: 'partitions and what lies above are not disks', nowMs, series: [...disk('sda1', 40, 8), ...disk('dm-0', 40, 8), ...disk('zd0', 40, 8)], expect: [] },
    ],
  },
});
