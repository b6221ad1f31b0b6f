import { ownMetrics, rateOf } from '../../define/history.ts';
import type { ProxmoxRrdKind } from './proxmox-rrd-rows.ts';

/** A metric of one row of the databases. */
export interface RrdSample {
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number | undefined;
}

type Row = Readonly<Record<string, number | undefined>>;

const times = (a: number | undefined, b: number | undefined): number | undefined => (a === undefined || b === undefined ? undefined : a * b);
const minus = (a: number | undefined, b: number | undefined): number | undefined => (a === undefined || b === undefined || b > a ? undefined : a - b);
const percent = 0.01;

/** `cpu` and `iowait` are shares of all `maxcpu` CPUs. Traffic is that of all physical ports. Pressure is the per cent of ten seconds, averaged. */
function nodeSamples(row: Row): RrdSample[] {
  const pressure = (what: string, value: number | undefined): RrdSample => ({ metric: rateOf(`node_pressure_${what}_seconds_total`), labels: {}, value: times(value, percent) });
  return [
    { metric: 'node_load1', labels: {}, value: row.loadavg },
    { metric: ownMetrics.cpuBusy, labels: {}, value: times(row.cpu, row.maxcpu) },
    { metric: rateOf('node_cpu_seconds_total'), labels: { mode: 'iowait' }, value: times(row.iowait, row.maxcpu) },
    { metric: 'node_memory_MemTotal_bytes', labels: {}, value: row.memtotal },
    { metric: ownMetrics.memoryUsed, labels: {}, value: row.memused },
    { metric: 'node_memory_MemAvailable_bytes', labels: {}, value: row.memavailable },
    { metric: 'node_memory_SwapFree_bytes', labels: {}, value: minus(row.swaptotal, row.swapused) },
    { metric: 'node_zfs_arc_size', labels: {}, value: row.arcsize },
    { metric: 'node_filesystem_free_bytes', labels: { mountpoint: '/' }, value: minus(row.roottotal, row.rootused) },
    { metric: rateOf('node_network_receive_bytes_total'), labels: {}, value: row.netin },
    { metric: rateOf('node_network_transmit_bytes_total'), labels: {}, value: row.netout },
    pressure('cpu_waiting', row.pressurecpusome),
    pressure('io_waiting', row.pressureiosome),
    pressure('io_stalled', row.pressureiofull),
    pressure('memory_waiting', row.pressurememorysome),
    pressure('memory_stalled', row.pressurememoryfull),
  ];
}

function guestSamples(guest: string, row: Row): RrdSample[] {
  const labels = { guest };
  return [
    { metric: ownMetrics.guestCpu, labels, value: times(row.cpu, row.maxcpu) },
    { metric: ownMetrics.guestMemory, labels, value: row.mem },
    { metric: ownMetrics.guestNetworkReceive, labels, value: row.netin },
    { metric: ownMetrics.guestNetworkTransmit, labels, value: row.netout },
    { metric: ownMetrics.guestDiskRead, labels, value: row.diskread },
    { metric: ownMetrics.guestDiskWritten, labels, value: row.diskwrite },
    { metric: ownMetrics.guestCpuWaiting, labels, value: times(row.pressurecpusome, percent) },
    { metric: ownMetrics.guestIoWaiting, labels, value: times(row.pressureiosome, percent) },
  ];
}

/** The metrics of one row of an object's database. */
export function rrdSamples(kind: ProxmoxRrdKind, name: string, row: Row): RrdSample[] {
  if (kind === 'node') return nodeSamples(row);
  if (kind === 'guest') return guestSamples(name, row);
  return [
    { metric: ownMetrics.storageSize, labels: { storage: name }, value: row.total },
    { metric: ownMetrics.storageUsed, labels: { storage: name }, value: row.used },
  ];
}
