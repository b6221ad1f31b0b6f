import type { Disk } from './disks.fact.ts';

/** Objects of the storages that a disk carries: what was found about these tells of the disk, and of its siblings alike. */
export function storagesOf(disk: Pick<Disk, 'uses' | 'mountpoints'> | undefined): string[] {
  if (disk === undefined) return [];
  return [...new Set([...disk.uses.filter(({ role }) => role === 'data' || role === 'log').map(({ pool }) => `storage/${pool}`), ...disk.mountpoints.map((path) => `filesystem/${path}`)])];
}
