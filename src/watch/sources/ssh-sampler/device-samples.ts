import { numberIn, words } from '../../../lib/host-text.ts';
import type { Sections, Write } from './write.ts';

/** Kernel, "I/O statistics fields": name in node_exporter and what one unit is (sectors have 512 bytes, times are in ms). */
const diskFields: readonly (readonly [string, number])[] = [
  ['reads_completed_total', 1],
  ['reads_merged_total', 1],
  ['read_bytes_total', 512],
  ['read_time_seconds_total', 0.001],
  ['writes_completed_total', 1],
  ['writes_merged_total', 1],
  ['written_bytes_total', 512],
  ['write_time_seconds_total', 0.001],
  ['io_now', 1],
  ['io_time_seconds_total', 0.001],
  ['io_time_weighted_seconds_total', 0.001],
  ['discards_completed_total', 1],
  ['discards_merged_total', 1],
  ['discarded_sectors_total', 1],
  ['discard_time_seconds_total', 0.001],
  ['flush_requests_total', 1],
  ['flush_requests_time_seconds_total', 0.001],
];
/** node_exporter's default for --collector.diskstats.device-exclude. */
const leftOutDisks = /^(ram|loop|fd|(h|s|v|xv)d[a-z]|nvme\d{1,4}n\d{1,6}p)\d{1,6}$/;

export function diskstats(sections: Sections, write: Write): void {
  for (const line of sections.get('diskstats') ?? []) {
    const [, , device = '', ...fields] = words(line);
    if (device === '' || leftOutDisks.test(device)) continue;
    for (const [index, [name, unit]] of diskFields.entries()) write(`node_disk_${name}`, { device }, numberIn(fields[index]), unit);
  }
}

/** The columns of /proc/net/dev. */
const networkFields = [
  ...['bytes', 'packets', 'errs', 'drop', 'fifo', 'frame', 'compressed', 'multicast'].map((name) => `receive_${name}`),
  ...['bytes', 'packets', 'errs', 'drop', 'fifo', 'colls', 'carrier', 'compressed'].map((name) => `transmit_${name}`),
];

export function network(sections: Sections, write: Write): void {
  for (const line of sections.get('net/dev') ?? []) {
    const [, device, rest = ''] = /^\s*([^\s:|]{1,40}):(.*)$/.exec(line) ?? [];
    if (device === undefined) continue;
    const fields = words(rest);
    for (const [index, name] of networkFields.entries()) write(`node_network_${name}_total`, { device }, numberIn(fields[index]));
  }
  for (const line of sections.get('net/state') ?? []) {
    const [device = '', key, value] = words(line);
    if (key === 'operstate') write('node_network_up', { device }, value === 'up' ? 1 : 0);
    if (key === 'carrier_changes') write('node_network_carrier_changes_total', { device }, numberIn(value));
  }
}

export function spaces(sections: Sections, write: Write): void {
  const statistics = new Map<string, readonly number[]>();
  for (const line of sections.get('statfs') ?? []) {
    const [, numbers = '', mount = ''] = /^((?:\d{1,20} ){6})(.*)$/.exec(line) ?? [];
    statistics.set(mount, words(numbers).map(Number));
  }
  for (const line of sections.get('mounts') ?? []) {
    const [device = '', mountpoint = '', fstype = '', options = ''] = words(line);
    const labels = { device, fstype, mountpoint };
    write('node_filesystem_readonly', labels, options.split(',').includes('ro') ? 1 : 0);
    const [blockSize = 0, blocks, free, available, files, freeFiles] = statistics.get(mountpoint) ?? [];
    write('node_filesystem_size_bytes', labels, blocks, blockSize);
    write('node_filesystem_free_bytes', labels, free, blockSize);
    write('node_filesystem_avail_bytes', labels, available, blockSize);
    write('node_filesystem_files', labels, files);
    write('node_filesystem_files_free', labels, freeFiles);
  }
}

/** node_exporter's states of pools, each 1 or 0. */
const poolStates = ['online', 'degraded', 'faulted', 'offline', 'removed', 'unavail', 'suspended'];

export function zfs(sections: Sections, write: Write): void {
  for (const line of sections.get('arcstats') ?? []) {
    const [name = '', , value] = words(line);
    if (/^\w{1,60}$/.test(name)) write(`node_zfs_arc_${name}`, {}, numberIn(value));
  }
  for (const line of sections.get('pools') ?? []) {
    const [zpool = '', value = ''] = words(line);
    for (const state of poolStates) write('node_zfs_zpool_state', { state, zpool }, state === value.toLowerCase() ? 1 : 0);
  }
}

/** The form of node_exporter's names of chips: small letters, digits and `_` and `:`, from the last two parts of the device's path. */
function chipName(path: string, folder: string): string {
  const clean = (text: string): string => text.toLowerCase().replace(/[^a-z0-9:_]/g, '_').replace(/^_+|_+$/g, '');
  const parts = path.split('/').filter((part) => part !== '');
  const name = clean(parts.at(-1) ?? '');
  const kind = clean(parts.at(-2) ?? '');
  if (path.includes('/hwmon/') || name === '') return clean(folder);
  return kind === '' ? name : `${kind}_${name}`;
}

export function sensors(sections: Sections, write: Write): void {
  for (const line of sections.get('thermal') ?? []) {
    const [zone = '', ...rest] = words(line);
    write('node_thermal_zone_temp', { type: rest.slice(0, -1).join(' '), zone }, numberIn(rest.at(-1)), 0.001);
  }
  for (const line of sections.get('hwmon') ?? []) {
    const [folder = '', sensor = '', value, path = ''] = words(line);
    write('node_hwmon_temp_celsius', { chip: chipName(path, folder), sensor }, numberIn(value), 0.001);
  }
  const packages = new Set<string>();
  for (const line of sections.get('throttle') ?? []) {
    const [kind, packageId = '', core = '', value] = words(line);
    if (kind === 'core') write('node_cpu_core_throttles_total', { core, package: packageId }, numberIn(value));
    else if (kind === 'package' && !packages.has(packageId)) {
      packages.add(packageId);
      write('node_cpu_package_throttles_total', { package: packageId }, numberIn(value));
    }
  }
  for (const line of sections.get('numbers') ?? []) {
    const [key, first, , third] = words(line);
    if (key === 'net/netfilter/nf_conntrack_count') write('node_nf_conntrack_entries', {}, numberIn(first));
    if (key === 'net/netfilter/nf_conntrack_max') write('node_nf_conntrack_entries_limit', {}, numberIn(first));
    if (key === 'fs/file-nr') {
      write('node_filefd_allocated', {}, numberIn(first));
      write('node_filefd_maximum', {}, numberIn(third));
    }
  }
  write('node_time_seconds', {}, numberIn((sections.get('clock')?.[0] ?? '').replace(/\.\D.*$/, '')));
}
