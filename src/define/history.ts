import { z } from 'zod';
import type { Series } from './series.ts';

/** Which series: the name of the metric, and labels that must be equal. Labels that are not named may have any value. */
export interface SeriesSelector {
  readonly metric: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** What was measured before now, whoever kept it. */
export interface History {
  /**
   * All series that fit, from `fromMs` to `toMs` (milliseconds since 1970, both included), a sample every `stepSeconds`. None that fits is an empty list. What could not be
   * read in full is a UserError: half a history would look like a change.
   */
  series(selector: SeriesSelector, fromMs: number, toMs: number, stepSeconds: number, signal?: AbortSignal): Promise<readonly Series[]>;
}

/**
 * The name of a rate where a source keeps rates and node_exporter has a counter: the counter's name and `:rate`, a colon as in recording rules
 * (Prometheus, "Recording rules"). The value is what `rate()` of that counter gives, per second, over the time since the sample before.
 */
export function rateOf(counter: string): string {
  return `${counter}:rate`;
}

/** The counter that a name of `rateOf` is the rate of. */
export function counterOf(rate: string): string {
  return rate.replace(/:rate$/, '');
}

/** Names of our own, for what node_exporter has no metric of. All are gauges, but for `:rate` behind one. */
export const ownMetrics = {
  cpuCount: 'culprit_cpu_count',
  cpuBusy: 'culprit_cpu_busy_cpus',
  memoryUsed: 'culprit_memory_used_bytes',
  diskAwait: 'culprit_disk_await_seconds',
  guestCpu: 'culprit_guest_cpu_cpus',
  guestMemory: 'culprit_guest_memory_bytes',
  guestNetworkReceive: rateOf('culprit_guest_network_receive_bytes_total'),
  guestNetworkTransmit: rateOf('culprit_guest_network_transmit_bytes_total'),
  guestDiskRead: rateOf('culprit_guest_disk_read_bytes_total'),
  guestDiskWritten: rateOf('culprit_guest_disk_written_bytes_total'),
  guestCpuWaiting: rateOf('culprit_guest_pressure_cpu_waiting_seconds_total'),
  guestIoWaiting: rateOf('culprit_guest_pressure_io_waiting_seconds_total'),
  storageSize: 'culprit_storage_size_bytes',
  storageUsed: 'culprit_storage_used_bytes',
  guestRunning: 'culprit_guest_running',
  clusterQuorate: 'culprit_cluster_quorate',
  backupFailed: 'culprit_backup_failed',
} as const;

/** What the names of our own mean; labels in parentheses. */
export const ownMetricMeanings: Readonly<Record<keyof typeof ownMetrics, string>> = {
  cpuCount: 'CPUs that a host has, where they are not counted one by one.',
  cpuBusy: 'CPUs that work: neither idle nor waiting for I/O.',
  memoryUsed: 'Memory in use as Proxmox VE counts it.',
  diskAwait: 'What a request takes on average, with its time in the queue (device).',
  guestCpu: 'CPUs that a guest takes (guest: qemu/100, lxc/101).',
  guestMemory: 'Memory that a guest takes, as Proxmox VE counts it (guest).',
  guestNetworkReceive: 'Bytes a second that a guest receives (guest).',
  guestNetworkTransmit: 'Bytes a second that a guest sends (guest).',
  guestDiskRead: 'Bytes a second that a guest reads from its disks (guest).',
  guestDiskWritten: 'Bytes a second that a guest writes to its disks (guest).',
  guestCpuWaiting: 'Share of time in which some task of a guest waited for a CPU (guest).',
  guestIoWaiting: 'Share of time in which some task of a guest waited for I/O (guest).',
  storageSize: 'Size of a storage of Proxmox VE (storage).',
  storageUsed: 'Used space of a storage of Proxmox VE (storage).',
  guestRunning: '1 where a guest runs, 0 where it does not (guest; onboot: 1 where it is to start with the host or high availability wants it to run).',
  clusterQuorate: '1 where the node is part of the majority of its cluster (cluster).',
  backupFailed: '1 where the newest backup task of a node that has ended failed.',
};

/** The shape of `Series` for what probes and facts hand on. */
export const seriesSchema: z.ZodType<Series> = z
  .object({ metric: z.string(), labels: z.record(z.string(), z.string()), timesMs: z.array(z.number()), values: z.array(z.number()) })
  .refine(({ timesMs, values }) => timesMs.length === values.length, 'one value for each time')
  .refine(({ timesMs }) => timesMs.every((time, index) => index === 0 || time > timesMs[index - 1]!), 'times ascend');

/** One word for a series: equal for equal metric and labels. */
export function seriesKey({ metric, labels }: Pick<Series, 'metric' | 'labels'>): string {
  return JSON.stringify([metric, ...Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))]);
}
