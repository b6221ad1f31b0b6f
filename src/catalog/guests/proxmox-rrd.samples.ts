import type { ProbeExample } from '../../define/probe.ts';
import { absent } from '../../define/result.ts';
import type { ProxmoxRrd } from './proxmox-rrd.probe.ts';

/** Through the probe's own program, from databases with the data sources and archives that pmxcfs creates. */
export const proxmoxRrdSamples: readonly ProbeExample<ProxmoxRrd>[] = [
  {
    from: 'documented',
    where: 'pve-cluster 9, status.c: a node with twelve data sources before the upgrade to Proxmox VE 9 and nineteen since; the disks of its busiest guest, and a storage',
    stdout: `node pve1
1794841200 1.3051 16 0.055264 0.0029464 6.722e+10 2.2048e+10 8.5899e+09 0 1e+11 1.3e+10 1200 2400 - - - - - - -
1795444800 8.2935 16 0.053048 0.31059 6.722e+10 2.2047e+10 8.5899e+09 1.5e+08 1e+11 1.3e+10 1200 2400 4.5e+10 8e+09 0.1 41.05 30 0 0
guest qemu/109
1795446000 4 0.20507 5e+09 10000 5000 2e+05 9e+06 0.5 20
storage local-zfs
1795446000 1e+12 4.0324e+11
all
end
`,
    expect: {
      complete: true,
      series: [
        { metric: 'node_load1', labels: {}, timesMs: [1_794_841_200_000, 1_795_444_800_000], values: [1.3051, 8.2935] },
        { metric: 'culprit_cpu_busy_cpus', values: [0.884224, 0.848768] },
        { metric: 'node_cpu_seconds_total:rate', labels: { mode: 'iowait' }, values: [0.0471424, 4.96944] },
        { metric: 'node_memory_MemTotal_bytes', values: [67_220_000_000, 67_220_000_000] },
        { metric: 'culprit_memory_used_bytes', values: [22_048_000_000, 22_047_000_000] },
        { metric: 'node_memory_SwapFree_bytes', values: [8_589_900_000, 8_439_900_000] },
        { metric: 'node_filesystem_free_bytes', labels: { mountpoint: '/' }, values: [87_000_000_000, 87_000_000_000] },
        { metric: 'node_network_receive_bytes_total:rate', values: [1200, 1200] },
        { metric: 'node_network_transmit_bytes_total:rate', values: [2400, 2400] },
        { metric: 'node_memory_MemAvailable_bytes', timesMs: [1_795_444_800_000], values: [45_000_000_000] },
        { metric: 'node_zfs_arc_size', values: [8_000_000_000] },
        { metric: 'node_pressure_cpu_waiting_seconds_total:rate', values: [0.001] },
        { metric: 'node_pressure_io_waiting_seconds_total:rate', values: [0.4105] },
        { metric: 'node_pressure_io_stalled_seconds_total:rate', values: [0.3] },
        { metric: 'node_pressure_memory_waiting_seconds_total:rate', values: [0] },
        { metric: 'node_pressure_memory_stalled_seconds_total:rate', values: [0] },
        { metric: 'culprit_guest_cpu_cpus', labels: { guest: 'qemu/109' }, values: [0.82028] },
        { metric: 'culprit_guest_memory_bytes', values: [5_000_000_000] },
        { metric: 'culprit_guest_network_receive_bytes_total:rate', values: [10_000] },
        { metric: 'culprit_guest_network_transmit_bytes_total:rate', values: [5000] },
        { metric: 'culprit_guest_disk_read_bytes_total:rate', values: [200_000] },
        { metric: 'culprit_guest_disk_written_bytes_total:rate', values: [9_000_000] },
        { metric: 'culprit_guest_pressure_cpu_waiting_seconds_total:rate', values: [0.005] },
        { metric: 'culprit_guest_pressure_io_waiting_seconds_total:rate', values: [0.2] },
        { metric: 'culprit_storage_size_bytes', labels: { storage: 'local-zfs' }, values: [1_000_000_000_000] },
        { metric: 'culprit_storage_used_bytes', values: [403_240_000_000] },
      ],
    },
  },
  {
    from: 'documented',
    where: 'Proxmox VE 8: a container whose daemon did not report for a while; the program ran out of time behind it',
    stdout: `node pve1
1700000000 0.5 8 0.01 - 3.3e+10 - - - - - - - - - - - - - -
guest lxc/101
1700000000 2 - - - - - - - -
1700001800 2 0.5 5.4e+08 - - - - - -
end
`,
    expect: {
      complete: false,
      series: [
        { metric: 'node_load1', values: [0.5] },
        { metric: 'culprit_cpu_busy_cpus', values: [0.08] },
        { metric: 'node_memory_MemTotal_bytes', values: [33_000_000_000] },
        { metric: 'culprit_guest_cpu_cpus', labels: { guest: 'lxc/101' }, timesMs: [1_700_001_800_000], values: [1] },
        { metric: 'culprit_guest_memory_bytes', values: [540_000_000] },
      ],
    },
  },
  { from: 'documented', where: 'a node that has not reported yet', stdout: 'all\nend\n', expect: { series: [], complete: true } },
  { from: 'documented', where: 'an answer that was cut', stdout: 'node pve1\n1700000000 0.5 8', expect: 'unparsable' },
  { from: 'documented', where: 'another host', stdout: 'this is not a Proxmox VE host\n', exitStatus: 120, expect: absent('') },
  { from: 'documented', where: 'an ordinary user', stdout: 'the history of Proxmox VE is for root only\n', exitStatus: 121, expect: 'not-permitted' },
];
