import type { ProbeExample } from '../../define/probe.ts';
import { absent } from '../../define/result.ts';
import type { SysstatHistory } from './sysstat-history.probe.ts';

/** Real files of sadc, through the fragment. */
export const sysstatSamples: readonly ProbeExample<SysstatHistory>[] = [
  {
    from: 'recorded',
    where: 'Debian 12, sysstat 12.6.1, a busy virtual machine with two CPUs, a sample every ten minutes',
    stdout: `cpus 2
@1795443060
cpu 91.96 1.51 6.03 0 0.5 0 0 0 0 0
queue 3 4.67 0
memory 20706864 22845652 102488 0
swap 0 0
psi-cpu 58.7
psi-io 0.02 0
psi-mem 0 0
disk vda 120 0 - 0 0
net eth0 0 0
@1795442460
cpu 91.13 2.46 5.91 0 0 0 0 0 0 0.49
queue 4 4.81 0
memory 20727912 22857844 93768 0
swap 0 0
psi-cpu 76.25
psi-io 0.06 0
psi-mem 0 0
disk vda 352 0 0.18 0 0.4
net eth0 0 0
@1795441860
cpu 91.96 2.01 5.53 0 0 0 0 0 0 0.5
queue 4 4.81 0
memory 20738712 22861504 86936 0
swap 0 0
psi-cpu 66.53
psi-io 0.04 0
psi-mem 0 0
disk vda 156 0 0.33 0 0
net eth0 0 0
end
left 0
`,
    expect: {
      cut: false,
      series: [
        { metric: 'node_cpu_seconds_total:rate', labels: { mode: 'user' }, values: [1.8392, 1.8226, 1.8392] },
        { metric: 'node_cpu_seconds_total:rate', labels: { mode: 'nice' }, values: [0.0402, 0.0492, 0.0302] },
        { metric: 'node_cpu_seconds_total:rate', labels: { mode: 'system' }, values: [0.1106, 0.1182, 0.1206] },
        { metric: 'node_cpu_seconds_total:rate', labels: { mode: 'iowait' }, values: [0, 0, 0] },
        { metric: 'node_cpu_seconds_total:rate', labels: { mode: 'steal' }, values: [0, 0, 0.01] },
        { metric: 'node_cpu_seconds_total:rate', labels: { mode: 'irq' }, values: [0, 0, 0] },
        { metric: 'node_cpu_seconds_total:rate', labels: { mode: 'softirq' }, values: [0, 0, 0] },
        { metric: 'node_cpu_seconds_total:rate', labels: { mode: 'idle' }, values: [0.01, 0.0098, 0] },
        { metric: 'node_procs_running', labels: {}, values: [4, 4, 3] },
        { metric: 'node_load1', labels: {}, values: [4.81, 4.81, 4.67] },
        { metric: 'node_procs_blocked', labels: {}, values: [0, 0, 0] },
        { metric: 'node_memory_MemFree_bytes', labels: {}, values: [21_236_441_088, 21_225_381_888, 21_203_828_736] },
        { metric: 'node_memory_MemAvailable_bytes', labels: {}, values: [23_410_180_096, 23_406_432_256, 23_393_947_648] },
        { metric: 'node_memory_Dirty_bytes', labels: {}, values: [89_022_464, 96_018_432, 104_947_712] },
        { metric: 'node_memory_SwapFree_bytes', labels: {}, values: [0, 0, 0] },
        { metric: 'node_vmstat_pswpin:rate', labels: {}, values: [0, 0, 0] },
        { metric: 'node_vmstat_pswpout:rate', labels: {}, values: [0, 0, 0] },
        { metric: 'node_pressure_cpu_waiting_seconds_total:rate', labels: {}, values: [0.6653, 0.7625, 0.587] },
        { metric: 'node_pressure_io_waiting_seconds_total:rate', labels: {}, values: [0.0004, 0.0006, 0.0002] },
        { metric: 'node_pressure_io_stalled_seconds_total:rate', labels: {}, values: [0, 0, 0] },
        { metric: 'node_pressure_memory_waiting_seconds_total:rate', labels: {}, values: [0, 0, 0] },
        { metric: 'node_pressure_memory_stalled_seconds_total:rate', labels: {}, values: [0, 0, 0] },
        { metric: 'node_disk_read_bytes_total:rate', labels: { device: 'vda' }, values: [159_744, 360_448, 122_880] },
        { metric: 'node_disk_written_bytes_total:rate', labels: { device: 'vda' }, values: [0, 0, 0] },
        { metric: 'node_disk_io_time_weighted_seconds_total:rate', labels: { device: 'vda' }, values: [0, 0, 0] },
        { metric: 'node_disk_io_time_seconds_total:rate', labels: { device: 'vda' }, values: [0, 0.004, 0] },
        { metric: 'node_network_receive_bytes_total:rate', labels: { device: 'eth0' }, values: [0, 0, 0] },
        { metric: 'node_network_transmit_bytes_total:rate', labels: { device: 'eth0' }, values: [0, 0, 0] },
        { metric: 'culprit_disk_await_seconds', labels: { device: 'vda' }, values: [0.00033, 0.00018] },
      ],
    },
  },
  {
    from: 'documented',
    where: 'sysstat 12.0, json_stats.c: no pressure, no size of the queue of disks; two disks, an interval without a memory row',
    stdout: `cpus 16
@1700001800
cpu 10 0 5 20.5 0 0 0.5 4 0 60
queue 2 9.5 5
disk sda 1024 2048 12.5 - 99.2
disk nvme0n1 0 0 0 - 0
net eno1 10 20
@1700000000
cpu 10 0 5 0.5 0 0 0.5 4 0 80
memory 1024 2048 8 0
end
left 3
`,
    expect: {
      filesLeftOut: 3,
      cut: false,
      series: [
        { metric: 'node_cpu_seconds_total:rate', labels: { mode: 'user' }, timesMs: [1_700_000_000_000, 1_700_001_800_000], values: [2.24, 2.24] },
        { labels: { mode: 'nice' } },
        { labels: { mode: 'system' } },
        { labels: { mode: 'iowait' }, values: [0.08, 3.28] },
        { labels: { mode: 'steal' } },
        { labels: { mode: 'irq' } },
        { labels: { mode: 'softirq' } },
        { labels: { mode: 'idle' } },
        { metric: 'node_procs_running' },
        { metric: 'node_load1', timesMs: [1_700_001_800_000], values: [9.5] },
        { metric: 'node_procs_blocked', values: [5] },
        { metric: 'node_disk_read_bytes_total:rate', labels: { device: 'sda' }, values: [1_048_576] },
        { metric: 'node_disk_written_bytes_total:rate', values: [2_097_152] },
        { metric: 'culprit_disk_await_seconds', values: [0.0125] },
        { metric: 'node_disk_io_time_seconds_total:rate', values: [0.992] },
        { labels: { device: 'nvme0n1' } },
        {},
        {},
        {},
        { metric: 'node_network_receive_bytes_total:rate', labels: { device: 'eno1' }, values: [10_240] },
        { metric: 'node_network_transmit_bytes_total:rate', values: [20_480] },
        { metric: 'node_memory_MemFree_bytes', timesMs: [1_700_000_000_000], values: [1_048_576] },
        { metric: 'node_memory_MemAvailable_bytes' },
        { metric: 'node_memory_Dirty_bytes' },
        { metric: 'node_memory_SwapFree_bytes', values: [0] },
      ],
    },
  },
  { from: 'documented', where: 'sadf(1): none of the files can be read by this version', stdout: 'end\nleft 0\n', expect: { series: [], cut: false, filesLeftOut: 0 } },
  { from: 'documented', where: 'an answer that was cut', stdout: 'cpus 2\n@1700000000\ncpu 1 2 3', expect: 'unparsable' },
  { from: 'documented', where: 'a host without sysstat', stdout: 'sysstat has kept no history here\n', exitStatus: 120, expect: absent('') },
];
