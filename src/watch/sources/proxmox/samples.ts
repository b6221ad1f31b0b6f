import { counterOf, ownMetrics, rateOf } from '../../../define/history.ts';
import type { Sample } from '../../../define/sample.ts';
import type { Measured } from './measured.ts';
import { guestObject, type GuestResource, type NodeStatus, type PoolRow, type TaskRow } from './schemas.ts';

type Row = Measured['values'];
type Numbers = readonly (readonly [metric: string, labels: Readonly<Record<string, string>>, value: number | undefined])[];

const times = (one: number | undefined, other: number | undefined): number | undefined => (one === undefined || other === undefined ? undefined : one * other);
const minus = (one: number | undefined, other: number | undefined): number | undefined => (one === undefined || other === undefined || other > one ? undefined : one - other);

function samplesOf(numbers: Numbers, timeMs: number): Sample[] {
  return numbers.flatMap(([metric, labels, value]): Sample[] => (value === undefined || !Number.isFinite(value) ? [] : [{ metric, labels, timeMs, value }]));
}

/** `cpu_current` and `cpu_iowait` are shares of all CPUs (PVE::PullMetric and PVE::ProcFSTools). */
function nodeNumbers(row: Row): Numbers {
  return [
    ['node_load1', {}, row['cpu_avg1']],
    ['node_load5', {}, row['cpu_avg5']],
    ['node_load15', {}, row['cpu_avg15']],
    [ownMetrics.cpuCount, {}, row['cpu_max']],
    [ownMetrics.cpuBusy, {}, times(row['cpu_current'], row['cpu_max'])],
    [rateOf('node_cpu_seconds_total'), { mode: 'iowait' }, times(row['cpu_iowait'], row['cpu_max'])],
    ['node_memory_MemTotal_bytes', {}, row['mem_total']],
    [ownMetrics.memoryUsed, {}, row['mem_used']],
    ['node_memory_SwapTotal_bytes', {}, row['swap_total']],
    ['node_memory_SwapFree_bytes', {}, minus(row['swap_total'], row['swap_used'])],
  ];
}

function guestNumbers(guest: string, row: Row): Numbers {
  const labels = { guest };
  return [
    [ownMetrics.guestCpu, labels, times(row['cpu_current'], row['cpu_max'])],
    [ownMetrics.guestMemory, labels, row['mem_used']],
    [counterOf(ownMetrics.guestNetworkReceive), labels, row['net_in']],
    [counterOf(ownMetrics.guestNetworkTransmit), labels, row['net_out']],
    [counterOf(ownMetrics.guestDiskRead), labels, row['disk_read']],
    [counterOf(ownMetrics.guestDiskWritten), labels, row['disk_write']],
  ];
}

/** What was measured of a node. */
export const nodeSamples = ({ timeMs, values }: Measured): Sample[] => samplesOf(nodeNumbers(values), timeMs);
/** What was measured of a guest; counters with their raw values. */
export const guestSamples = ({ id, timeMs, values }: Measured): Sample[] => samplesOf(guestNumbers(id, values), timeMs).map((sample) => (sample.metric.endsWith('_total') ? { ...sample, isCounter: true } : sample));

export function storageSamples(storage: string, { timeMs, values }: Measured): Sample[] {
  // A storage that is away has a size of nothing.
  if ((values['disk_total'] ?? 0) <= 0) return [];
  return samplesOf([[ownMetrics.storageSize, { storage }, values['disk_total']], [ownMetrics.storageUsed, { storage }, values['disk_used']]], timeMs);
}

/** The root file system, which the export has without what is left for others than root. */
export function rootSamples({ rootfs }: NodeStatus, timeMs: number): Sample[] {
  const labels = { mountpoint: '/', fstype: 'unknown', device: 'rootfs' };
  return samplesOf([['node_filesystem_size_bytes', labels, rootfs?.total], ['node_filesystem_avail_bytes', labels, rootfs?.avail]], timeMs);
}

/** Tasks that stop a guest for a while and start it again. */
const stopsForAWhile = new Set(['backup', 'migrate', 'rollback', 'snapshot', 'snapshot-delete', 'create', 'clone', 'suspending', 'suspended']);

/** Whether a guest runs; nothing where its node does not know, where a task has stopped it, or where it is a template. */
export function runningSample(resource: GuestResource, onBoot: boolean | undefined, timeMs: number): Sample | undefined {
  const { status, template, lock = '', hastate } = resource;
  const running = status === 'running';
  if (template === true || (!running && (status !== 'stopped' || stopsForAWhile.has(lock)))) return undefined;
  const onboot = hastate === 'started' || onBoot === true ? '1' : onBoot === undefined ? 'unknown' : '0';
  return { metric: ownMetrics.guestRunning, labels: { guest: guestObject(resource), onboot }, timeMs, value: running ? 1 : 0 };
}

const poolStates = ['online', 'degraded', 'faulted', 'offline', 'unavail', 'removed', 'suspended'];

/** As node_exporter has the state of pools. */
export function poolSamples(pools: readonly PoolRow[], timeMs: number): Sample[] {
  return pools.flatMap(({ name: zpool, health }) => poolStates.map((state): Sample => ({ metric: 'node_zfs_zpool_state', labels: { zpool, state }, timeMs, value: health.toLowerCase() === state ? 1 : 0 })));
}

/** Whether the newest backup that has ended failed. A task that ended with warnings did its work. */
export function backupSamples(tasks: readonly TaskRow[], timeMs: number): Sample[] {
  const ended = tasks.filter(({ type, endtime, status }) => type === 'vzdump' && endtime !== undefined && status !== undefined);
  const newest = ended.reduce<TaskRow | undefined>((latest, one) => (latest === undefined || one.endtime! > latest.endtime! ? one : latest), undefined);
  if (newest === undefined) return [];
  return [{ metric: ownMetrics.backupFailed, labels: {}, timeMs, value: newest.status === 'OK' || newest.status!.startsWith('WARNINGS') ? 0 : 1 }];
}
