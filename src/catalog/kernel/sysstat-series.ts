import { ownMetrics, rateOf } from '../../define/history.ts';
import { sysstatRows, type SysstatRow } from './sysstat-rows.ts';

/** One member of a row as a metric: its name, its labels besides `device`, and what it is multiplied with. */
export interface SysstatMetric {
  readonly metric: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly factor: number;
  /** The value is a share of all CPUs in per cent: multiplied with their number as well. */
  readonly perCpu?: true;
}

const kibibytes = 1024;
const percent = 0.01;
const milliseconds = 0.001;

const cpuMode = (mode: string): SysstatMetric => ({ metric: rateOf('node_cpu_seconds_total'), labels: { mode }, factor: percent, perCpu: true });
const pressure = (what: string): SysstatMetric => ({ metric: rateOf(`node_pressure_${what}_seconds_total`), factor: percent });

/**
 * sar(1) prints shares and rates where the kernel counts; the names are those of the counters as node_exporter has them. `%usr` and `%nice` of `-u ALL` are without the time of
 * guests, which the kernel counts into user and nice: both are added up. `aqu-sz` is the rate of the weighted time of I/O, `%util` that of the time of I/O.
 */
const byMember: { readonly [Row in SysstatRow]: { readonly [Member in (typeof sysstatRows)[Row][number]]: SysstatMetric } } = {
  cpu: {
    usr: cpuMode('user'),
    guest: cpuMode('user'),
    nice: cpuMode('nice'),
    gnice: cpuMode('nice'),
    sys: cpuMode('system'),
    iowait: cpuMode('iowait'),
    steal: cpuMode('steal'),
    irq: cpuMode('irq'),
    soft: cpuMode('softirq'),
    idle: cpuMode('idle'),
  },
  queue: { 'runq-sz': { metric: 'node_procs_running', factor: 1 }, 'ldavg-1': { metric: 'node_load1', factor: 1 }, blocked: { metric: 'node_procs_blocked', factor: 1 } },
  memory: {
    memfree: { metric: 'node_memory_MemFree_bytes', factor: kibibytes },
    avail: { metric: 'node_memory_MemAvailable_bytes', factor: kibibytes },
    dirty: { metric: 'node_memory_Dirty_bytes', factor: kibibytes },
    swpfree: { metric: 'node_memory_SwapFree_bytes', factor: kibibytes },
  },
  swap: { pswpin: { metric: rateOf('node_vmstat_pswpin'), factor: 1 }, pswpout: { metric: rateOf('node_vmstat_pswpout'), factor: 1 } },
  'psi-cpu': { some_avg: pressure('cpu_waiting') },
  'psi-io': { some_avg: pressure('io_waiting'), full_avg: pressure('io_stalled') },
  'psi-mem': { some_avg: pressure('memory_waiting'), full_avg: pressure('memory_stalled') },
  disk: {
    rkB: { metric: rateOf('node_disk_read_bytes_total'), factor: kibibytes },
    wkB: { metric: rateOf('node_disk_written_bytes_total'), factor: kibibytes },
    await: { metric: ownMetrics.diskAwait, factor: milliseconds },
    'aqu-sz': { metric: rateOf('node_disk_io_time_weighted_seconds_total'), factor: 1 },
    'util-percent': { metric: rateOf('node_disk_io_time_seconds_total'), factor: percent },
  },
  net: { rxkB: { metric: rateOf('node_network_receive_bytes_total'), factor: kibibytes }, txkB: { metric: rateOf('node_network_transmit_bytes_total'), factor: kibibytes } },
};

/** The metrics of a row, in the order of its values. */
export function metricsOf(row: SysstatRow): readonly SysstatMetric[] {
  const table = byMember[row] as Readonly<Record<string, SysstatMetric>>;
  return sysstatRows[row].map((member) => table[member]!);
}
