import { numberIn, words } from '../../../lib/host-text.ts';
import type { Sections, Write } from './write.ts';

/** Kernel, "/proc/stat": time of CPUs is in USER_HZ, which is 100 on all Linux that there is (man 5 proc). */
const userHz = 100;
const modes = ['user', 'nice', 'system', 'idle', 'iowait', 'irq', 'softirq', 'steal'] as const;
const single: Readonly<Record<string, string>> = {
  intr: 'node_intr_total',
  ctxt: 'node_context_switches_total',
  btime: 'node_boot_time_seconds',
  processes: 'node_forks_total',
  procs_running: 'node_procs_running',
  procs_blocked: 'node_procs_blocked',
};

export function stat(sections: Sections, write: Write): void {
  for (const line of sections.get('stat') ?? []) {
    const [key = '', ...fields] = words(line);
    const cpu = /^cpu(\d{1,6})$/.exec(key)?.[1];
    const name = Object.hasOwn(single, key) ? single[key] : undefined;
    if (name !== undefined) write(name, {}, numberIn(fields[0]));
    if (cpu === undefined) continue;
    for (const [index, mode] of modes.entries()) write('node_cpu_seconds_total', { cpu, mode }, numberIn(fields[index]), 1 / userHz);
    write('node_cpu_guest_seconds_total', { cpu, mode: 'user' }, numberIn(fields[8]), 1 / userHz);
    write('node_cpu_guest_seconds_total', { cpu, mode: 'nice' }, numberIn(fields[9]), 1 / userHz);
  }
}

export function loadavg(sections: Sections, write: Write): void {
  const fields = words(sections.get('loadavg')?.[0] ?? '');
  for (const [index, minutes] of [1, 5, 15].entries()) write(`node_load${minutes}`, {}, numberIn(fields[index]));
}

export function meminfo(sections: Sections, write: Write): void {
  for (const line of sections.get('meminfo') ?? []) {
    const [, key = '', value, unit] = /^([A-Za-z0-9_()]{1,60}):\s+(\d{1,16})(?: (kB))?$/.exec(line) ?? [];
    const name = key.replace(/\((.*)\)/, '_$1').replace(/[()]/g, '');
    if (name !== '') write(unit === undefined ? `node_memory_${name}` : `node_memory_${name}_bytes`, {}, numberIn(value), unit === undefined ? 1 : 1_024);
  }
}

export function vmstat(sections: Sections, write: Write): void {
  for (const line of sections.get('vmstat') ?? []) {
    const [key = '', value] = words(line);
    // node_exporter's default for --collector.vmstat.fields.
    if (/^(oom_kill|pgpg|pswp|pg\w{0,40}fault)\w{0,40}$/.test(key)) write(`node_vmstat_${key}`, {}, numberIn(value));
  }
}

const pressures = [
  ['cpu', 'some', 'node_pressure_cpu_waiting_seconds_total'],
  ['io', 'some', 'node_pressure_io_waiting_seconds_total'],
  ['io', 'full', 'node_pressure_io_stalled_seconds_total'],
  ['memory', 'some', 'node_pressure_memory_waiting_seconds_total'],
  ['memory', 'full', 'node_pressure_memory_stalled_seconds_total'],
] as const;

export function pressure(sections: Sections, write: Write): void {
  for (const [file, kind, name] of pressures) {
    const line = sections.get(`pressure/${file}`)?.find((one) => one.startsWith(`${kind} `));
    write(name, {}, numberIn(/ total=(\d{1,18})$/.exec(line ?? '')?.[1]), 1e-6);
  }
}

export function uname(sections: Sections, write: Write): void {
  const [sysname = '', release = '', version = '', machine = '', nodename = '', domainname = ''] = sections.get('uname') ?? [];
  if (sysname !== '') write('node_uname_info', { domainname, machine, nodename, release, sysname, version }, 1);
}
