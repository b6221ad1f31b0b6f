import { describe, expect, it } from 'vitest';
import { meaningOf } from './metric-directions.ts';
import { valueText } from './metric-sentence.ts';
import { averagedBy, isCounter, ratesOf } from './rates.ts';

describe('what metrics mean', () => {
  const of = (metric: string, labels: Record<string, string> = {}): string => {
    const { bad, words, unit } = meaningOf({ metric, labels });
    return `${bad}, ${words}, ${unit}`;
  };

  it('knows which way is bad', () => {
    expect(of('node_memory_MemAvailable_bytes')).toBe('down, memory (MemAvailable), bytes');
    expect(of('node_disk_io_time_seconds_total', { device: 'sda' })).toBe('up, disk busy, share');
    expect(of('node_cpu_seconds_total', { mode: 'idle' })).toBe('down, idle CPU time, share');
    expect(of('node_cpu_seconds_total', { mode: 'steal' })).toBe('up, CPU time (steal), share');
    expect(of('node_pressure_io_waiting_seconds_total')).toBe('up, pressure on io (some wait), share');
    expect(of('node_disk_read_time_seconds_total')).toBe('up, disk read time, share');
    expect(of('node_disk_reads_completed_total')).toBe('both, disk reads completed, perSecond');
    expect(of('node_disk_written_bytes_total')).toBe('both, disk bytes written, bytesPerSecond');
    expect(of('node_network_receive_drop_total')).toBe('up, network receive errors (drop), perSecond');
    expect(of('node_filesystem_avail_bytes')).toBe('down, free space, bytes');
    expect(of('node_md_disks', { state: 'failed' })).toBe('up, RAID members that do not work, number');
    expect(of('node_zfs_arc_misses')).toBe('up, ARC misses, perSecond');
  });

  it('takes the unit of others from their names, and both directions', () => {
    expect(of('node_made_up_bytes_total')).toBe('both, node_made_up_bytes_total, bytesPerSecond');
    expect(of('pve_lag_seconds')).toBe('both, pve_lag_seconds, seconds');
    expect(of('x'.repeat(100_000)).length).toBeGreaterThan(100_000);
  });

  it('writes values with their units', () => {
    expect([valueText(0.3412, 'share'), valueText(3 * 1024 ** 3, 'bytes'), valueText(0.0123, 'seconds'), valueText(2.4e9, 'hertz'), valueText(1.5e300, 'bytes'), valueText(-2048, 'bytesPerSecond')]).toEqual([
      '34 %', '3.0 GiB', '12 ms', '2400 MHz', '1.5e+300 bytes', '-2.0 KiB a second',
    ]);
  });
});

describe('rates of counters', () => {
  it('tells counters by their names', () => {
    expect(['node_intr_total', 'node_vmstat_pgmajfault', 'node_netstat_Tcp_RetransSegs', 'node_zfs_arc_hits'].map(isCounter)).toEqual([true, true, true, true]);
    expect(['node_load1', 'node_netstat_Tcp_CurrEstab', 'node_zfs_arc_size', 'node_memory_Dirty_bytes'].map(isCounter)).toEqual([false, false, false, false]);
  });

  it('leaves out resets and steps of no length', () => {
    expect(ratesOf({ timesMs: [0, 1_000, 3_000, 4_000, 4_000, 5_000], values: [10, 20, 60, 5, 7, 9] })).toEqual({ timesMs: [1_000, 3_000, 5_000], values: [10, 20, 2] });
    expect(ratesOf({ timesMs: [], values: [] })).toEqual({ timesMs: [], values: [] });
    expect(ratesOf({ timesMs: [0, 1_000], values: [-1.7e308, 1.7e308] }).values).toEqual([]);
  });

  it('averages over steps, leaving out those without samples', () => {
    expect(averagedBy(10, { timesMs: [1, 5, 9, 31, 39], values: [1, 2, 3, 10, 20] })).toEqual({ timesMs: [9, 39], values: [2, 15] });
  });

  it('knows what a source keeps as a rate already, and what node_exporter has no name for', () => {
    expect(meaningOf({ metric: 'node_cpu_seconds_total:rate', labels: { mode: 'iowait' } })).toEqual({ bad: 'up', words: 'IO wait', unit: 'share' });
    expect(meaningOf({ metric: 'node_unheard_of_bytes_total:rate', labels: {} })).toMatchObject({ bad: 'both', unit: 'bytesPerSecond' });
    expect(meaningOf({ metric: 'culprit_disk_await_seconds', labels: { device: 'sda' } })).toMatchObject({ bad: 'up', unit: 'seconds' });
    expect(meaningOf({ metric: 'culprit_guest_disk_written_bytes_total:rate', labels: { guest: 'qemu/100' } })).toEqual({ bad: 'both', words: 'bytes of a guest (disk written)', unit: 'bytesPerSecond' });
  });
});
