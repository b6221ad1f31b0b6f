import type { Series } from '../define/series.ts';

/** Which way a change of a metric is bad. */
export type BadDirection = 'up' | 'down' | 'both';
/** How a value is written. `share` is of 1, and written in percent. */
export type MetricUnit = 'share' | 'bytes' | 'bytesPerSecond' | 'perSecond' | 'seconds' | 'celsius' | 'hertz' | 'number';

export interface MetricMeaning {
  readonly bad: BadDirection;
  /** As people name it: "IO wait". */
  readonly words: string;
  readonly unit: MetricUnit;
}

type Row = readonly [pattern: RegExp, bad: BadDirection, words: string, unit: MetricUnit];

/**
 * What the metrics of node_exporter mean (its collectors' sources and the kernel's Documentation/admin-guide/iostats.rst, accounting/psi.rst and filesystems/proc.rst). The first row that matches
 * counts; it is matched with the name and, after a blank, the label that tells what is counted. `$1` in the words is the first group. What work there is (bytes, operations, packets) is bad in neither
 * direction by itself: more may be the load, less may be the stall, so both count.
 */
const rows: readonly Row[] = [
  [/^node_cpu_seconds_total idle$/, 'down', 'idle CPU time', 'share'],
  [/^node_cpu_seconds_total iowait$/, 'up', 'IO wait', 'share'],
  [/^node_cpu_(?:guest_)?seconds_total (\w+)$/, 'up', 'CPU time ($1)', 'share'],
  [/^node_cpu_(?:scaling_)?frequency_hertz\b/, 'down', 'CPU frequency', 'hertz'],
  [/^node_cpu_(?:core|package)_throttles_total\b/, 'up', 'thermal throttling', 'perSecond'],
  [/^node_load(\d+)\b/, 'up', 'load average ($1 min)', 'number'],
  [/^node_pressure_(\w+)_waiting_seconds_total\b/, 'up', 'pressure on $1 (some wait)', 'share'],
  [/^node_pressure_(\w+)_stalled_seconds_total\b/, 'up', 'pressure on $1 (all wait)', 'share'],
  [/^node_procs_blocked\b/, 'up', 'blocked processes', 'number'],
  [/^node_procs_running\b/, 'up', 'processes that run or want to', 'number'],
  [/^node_schedstat_waiting_seconds_total\b/, 'up', 'waiting for a CPU', 'share'],
  [/^node_disk_io_time_seconds_total\b/, 'up', 'disk busy', 'share'],
  [/^node_disk_io_time_weighted_seconds_total\b/, 'up', 'disk queue', 'number'],
  [/^node_disk_io_now\b/, 'up', 'requests in flight', 'number'],
  [/^node_disk_(\w+?)_(?:requests_)?time_seconds_total\b/, 'up', 'disk $1 time', 'share'],
  [/^node_disk_(read|written)_bytes_total\b/, 'both', 'disk bytes $1', 'bytesPerSecond'],
  [/^node_disk_(\w+)_total\b/, 'both', 'disk $1', 'perSecond'],
  [/^node_memory_(MemAvailable|SwapFree|CommitLimit|HugePages_Free)(?:_bytes)?\b/, 'down', 'memory ($1)', 'bytes'],
  [/^node_memory_(Dirty|Writeback|WritebackTmp|SUnreclaim|Slab|AnonPages|Committed_AS|HardwareCorrupted|KernelStack|PageTables|Unevictable|Shmem)_bytes\b/, 'up', 'memory ($1)', 'bytes'],
  [/^node_memory_(\w+)_bytes\b/, 'both', 'memory ($1)', 'bytes'],
  [/^node_vmstat_(pgfault|pgpgin|pgpgout|pgsteal\w*)\b/, 'both', 'memory events ($1)', 'perSecond'],
  [/^node_vmstat_oom_kill\b/, 'up', 'processes killed for want of memory', 'perSecond'],
  [/^node_vmstat_(\w+)/, 'up', 'memory events ($1)', 'perSecond'],
  [/^node_network_(receive|transmit)_bytes_total\b/, 'both', 'network bytes ($1)', 'bytesPerSecond'],
  [/^node_network_(receive|transmit)_(?:packets|compressed|multicast)_total\b/, 'both', 'network packets ($1)', 'perSecond'],
  [/^node_network_(receive|transmit)_(\w+)_total\b/, 'up', 'network $1 errors ($2)', 'perSecond'],
  [/^node_network_(up|carrier|speed_bytes)\b/, 'down', 'network link ($1)', 'number'],
  [/^node_network_carrier_(?:up_|down_)?changes_total\b/, 'up', 'changes of the network link', 'perSecond'],
  [/^node_(?:softnet_dropped|softnet_times_squeezed)_total\b/, 'up', 'packets that the kernel had no time for', 'perSecond'],
  [/^node_netstat_(TcpExt_(?:Listen(?:Drops|Overflows)|TCPTimeouts|TCPSynRetrans)|Tcp_(?:RetransSegs|AttemptFails|EstabResets|InErrs|OutRsts)|Udp6?_\w*Errors)\b/, 'up', 'network stack ($1)', 'perSecond'],
  [/^node_nf_conntrack_entries\b/, 'up', 'tracked connections', 'number'],
  [/^node_filesystem_(?:avail|free)_bytes\b/, 'down', 'free space', 'bytes'],
  [/^node_filesystem_files_free\b/, 'down', 'free inodes', 'number'],
  [/^node_filesystem_(readonly|device_error)\b/, 'up', 'filesystem $1', 'number'],
  [/^node_filefd_allocated\b/, 'up', 'open files', 'number'],
  [/^node_(?:hwmon_temp|thermal_zone_temp)(?:_celsius)?\b/, 'up', 'temperature', 'celsius'],
  [/^node_hwmon_fan_rpm\b/, 'down', 'fan speed', 'number'],
  [/^node_edac_\w*errors_total\b/, 'up', 'memory errors', 'perSecond'],
  [/^node_md_disks (?:failed|spare)$/, 'up', 'RAID members that do not work', 'number'],
  [/^node_md_disks active$/, 'down', 'active RAID members', 'number'],
  [/^node_zfs_arc_(\w+_)?(misses|memory_throttle_count)\b/, 'up', 'ARC $1$2', 'perSecond'],
  [/^node_zfs_arc_(c|size|arc_meta_used)\b/, 'both', 'ARC $1', 'bytes'],
  [/^node_timex_sync_status\b/, 'down', 'clock in step', 'number'],
  [/^node_systemd_unit_state failed$/, 'up', 'failed units', 'number'],
  [/^node_entropy_available_bits\b/, 'down', 'entropy', 'number'],
  [/^node_context_switches_total\b/, 'both', 'context switches', 'perSecond'],
  [/^node_intr_total\b/, 'both', 'interrupts', 'perSecond'],
  [/^node_forks_total\b/, 'both', 'new processes', 'perSecond'],
  [/^culprit_cpu_busy_cpus\b/, 'up', 'busy CPUs', 'number'],
  [/^culprit_memory_used_bytes\b/, 'up', 'memory in use', 'bytes'],
  [/^culprit_disk_await_seconds\b/, 'up', 'time that a request takes', 'seconds'],
  [/^culprit_guest_cpu_cpus\b/, 'up', 'CPUs that a guest takes', 'number'],
  [/^culprit_guest_memory_bytes\b/, 'both', 'memory of a guest', 'bytes'],
  [/^culprit_guest_pressure_(\w+)_waiting_seconds_total\b/, 'up', 'pressure on $1 in a guest', 'share'],
  [/^culprit_guest_(\w+)_bytes_total\b/, 'both', 'bytes of a guest ($1)', 'bytesPerSecond'],
  [/^culprit_storage_used_bytes\b/, 'up', 'used space', 'bytes'],
];

function unitByName(metric: string): MetricUnit {
  const perSecond = metric.endsWith('_total');
  const bare = metric.replace(/_total$/, '');
  if (bare.endsWith('_bytes')) return perSecond ? 'bytesPerSecond' : 'bytes';
  if (bare.endsWith('_seconds')) return perSecond ? 'share' : 'seconds';
  if (bare.endsWith('_ratio')) return 'share';
  return perSecond ? 'perSecond' : 'number';
}

/** What a metric means, also where its source kept the rate of a counter (`…:rate`, src/define/history.ts); one that the table does not know counts in both directions, and its unit is read from its name (Prometheus' naming: base unit last, then `_total`). */
export function meaningOf({ metric, labels }: Pick<Series, 'metric' | 'labels'>): MetricMeaning {
  const counted = metric.slice(0, 200).replace(/:rate$/, '');
  const text = [counted, labels['mode'] ?? labels['state'] ?? ''].join(' ').trim();
  for (const [pattern, bad, words, unit] of rows) {
    const match = pattern.exec(text);
    if (match !== null) return { bad, words: words.replace(/\$(\d)/g, (_, group: string) => (match[Number(group)] ?? '').replaceAll('_', ' ')), unit };
  }
  return { bad: 'both', words: metric, unit: unitByName(counted) };
}
