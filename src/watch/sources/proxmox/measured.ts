import { guestObject, type MetricRow, type NodeStatus, type Resource } from './schemas.ts';

/** What was measured of one object at one time, by the names that the export of metrics has. */
export interface Measured {
  /** `node/pve1`, `qemu/100`, `storage/pve1/local` */
  readonly id: string;
  readonly timeMs: number;
  readonly values: Readonly<Record<string, number | undefined>>;
}

/** Rows of the export, those of one object and time together, in the order of time. Times that are further from ours than this are not believed. */
export function measuredOf(rows: readonly MetricRow[], nowMs: number, farthestMs = 600_000): Measured[] {
  const found = new Map<string, { id: string; timeMs: number; values: Record<string, number> }>();
  for (const { id, metric, timestamp, value } of rows) {
    const timeMs = timestamp * 1_000;
    if (Math.abs(timeMs - nowMs) > farthestMs) continue;
    const key = `${timestamp} ${id}`;
    const one = found.get(key) ?? { id, timeMs, values: {} };
    found.set(key, one);
    if (Object.keys(one.values).length < 50) one.values[metric] = value;
  }
  return [...found.values()].sort((a, b) => a.timeMs - b.timeMs);
}

/** The same from what all versions have: the newest numbers of guests and storages, without a time of their own. */
export function measuredFromResources(resources: readonly Resource[], timeMs: number): Measured[] {
  return resources.flatMap((one): Measured[] => {
    if (one.type === 'node') return [];
    if (one.type === 'storage') return [{ id: `storage/${one.node}/${one.storage}`, timeMs, values: { disk_total: one.maxdisk, disk_used: one.disk } }];
    if (one.status !== 'running') return [];
    const { cpu, maxcpu, mem, diskread, diskwrite, netin, netout } = one;
    return [{ id: guestObject(one), timeMs, values: { cpu_current: cpu, cpu_max: maxcpu, mem_used: mem, disk_read: diskread, disk_write: diskwrite, net_in: netin, net_out: netout } }];
  });
}

/** The same of a node, from its state. */
export function measuredFromStatus(node: string, { cpu, wait, loadavg, cpuinfo, memory, swap }: NodeStatus, timeMs: number): Measured {
  const [cpu_avg1, cpu_avg5, cpu_avg15] = loadavg ?? [];
  const values = { cpu_avg1, cpu_avg5, cpu_avg15, cpu_max: cpuinfo?.cpus, cpu_current: cpu, cpu_iowait: wait, mem_total: memory?.total, mem_used: memory?.used, swap_total: swap?.total, swap_used: swap?.used };
  return { id: `node/${node}`, timeMs, values };
}
