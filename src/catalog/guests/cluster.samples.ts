import type { ManagerReports } from './manager-reports.probe.ts';
import type { Proxmox } from './proxmox.probe.ts';
import type { ProxmoxLog, ProxmoxLogLine } from './proxmox-log.probe.ts';

/** The host's clock in these samples. */
export const clock = 1_700_000_000;

/** A node of Proxmox VE that reports on time, with two highly available guests. */
export function reportsOf(guests: ManagerReports['guests'] = [], more: Partial<NonNullable<ManagerReports['proxmox']>> = {}): ManagerReports {
  return {
    now: clock,
    guests,
    proxmox: {
      hasReports: true,
      nodeReportedAt: clock - 6,
      memoryTotalBytes: 64e9,
      memoryUsedBytes: 32e9,
      storages: [{ name: 'local-zfs', reportedAt: clock - 6 }],
      highlyAvailableGuests: 2,
      ...more,
    },
  };
}

/** The state of one VM, reported a few seconds ago. */
export function stateOf(object: string, state: string, secondsAgo = 6): ManagerReports['guests'][number] {
  return { object, state, reportedAt: clock - secondsAgo };
}

export function logLine(program: ProxmoxLogLine['program'], secondsAgo: number, text: string): ProxmoxLogLine {
  return { program, at: clock - secondsAgo, text };
}

/** The log of the cluster's services with these lines since the boot, and those of the boot before. */
export function clusterLog(lines: ProxmoxLogLine[] = [], previousBoot: ProxmoxLogLine[] = []): ProxmoxLog {
  return { lines, previousBoot, now: clock };
}

/** A cluster of three, of which so many are online. */
export function clusterOf(online: number, quorate = online >= 2, more: Partial<Proxmox> = {}): Proxmox {
  const nodes = ['pve1', 'pve2', 'pve3'].map((name, index) => ({ name, online: index < online }));
  return { configMounted: true, nodeName: 'pve1', storages: [], cluster: { name: 'lab', quorate, nodes }, ...more };
}

/** One storage as the source `proxmox` has it. */
export function storageOf(name: string, type: string, more: Partial<Proxmox['storages'][number]> = {}): Proxmox['storages'][number] {
  return { name, type, content: ['images'], nodes: [], disabled: false, shared: false, krbd: false, ...more };
}
