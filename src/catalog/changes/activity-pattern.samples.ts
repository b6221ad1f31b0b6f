import { absent } from '../../define/result.ts';
import type { Series } from '../../define/series.ts';
import { disk } from '../disk/disk-examples.ts';
import type { HostHistory } from '../kernel/history.fact.ts';

const stepMs = 600_000;
const startMs = Date.UTC(2026, 10, 22);
const course = (metric: string, labels: Record<string, string>, value: (index: number) => number): Series => ({ metric, labels, timesMs: Array.from({ length: 144 }, (_, index) => startMs + index * stepMs), values: Array.from({ length: 144 }, (_, index) => value(index)) });
const of = (...series: Series[]): { history: HostHistory } => ({ history: { series, keptBy: ['proxmox'] } });

const bursts = (index: number): boolean => index % 16 < 4;
const pressure = course('node_pressure_io_waiting_seconds_total:rate', {}, (index) => (bursts(index) ? 0.7 : 0.01 + (index % 5) / 500));
const written = (guest: string, value: (index: number) => number): Series => course('culprit_guest_disk_written_bytes_total:rate', { guest }, value);

export const activityExamples = [
  {
    name: 'it goes with what one guest writes',
    given: of(pressure, written('qemu/100', (index) => (bursts(index) ? 3e7 : 2e4)), written('qemu/101', (index) => 1e5 * (1 + (index % 7)))),
    expect: { symptom: 'node_pressure_io_waiting_seconds_total:rate', object: 'qemu/100', does: 'writes' as const, says: 'Pressure on input and output was high in 36 of 36 stretches of 10 minutes in which qemu/100 wrote, and in 0 of 108 others.' },
  },
  {
    name: 'every write to one pool brings it, whichever of the guests writes',
    given: {
      ...of(
        pressure,
        written('qemu/100', (index) => (index % 16 < 2 ? 3e7 : 2e4)),
        written('qemu/101', (index) => (bursts(index) && index % 16 >= 2 ? 3e7 : 2e4)),
        ...['sda', 'sdb'].map((device) => course('node_disk_written_bytes_total:rate', { device }, (index) => (bursts(index) ? 4e7 : 1e5))),
        course('node_disk_written_bytes_total:rate', { device: 'sdc' }, (index) => 1e6 * (1 + (index % 5))),
      ),
      disks: { disks: ['sda', 'sdb', 'sdc'].map((name) => disk(name, { uses: [{ pool: name === 'sdc' ? 'backup' : 'tank', vdev: 'mirror-0', role: 'data', errors: 0 }] })) },
    },
    expect: { object: 'storage/tank', does: 'writes' as const, says: 'Pressure on input and output was high in 36 of 36 stretches of 10 minutes in which the pool tank was written to, and in 0 of 108 others.' },
  },
  { name: 'every guest writes at other times', given: of(pressure, written('qemu/100', (index) => (index % 16 > 9 ? 3e7 : 2e4))), expect: absent('') },
  { name: 'an even course', given: of(course('node_load1', {}, (index) => 1 + (index % 3) / 10), written('qemu/100', (index) => (bursts(index) ? 3e7 : 2e4))), expect: absent('') },
];
