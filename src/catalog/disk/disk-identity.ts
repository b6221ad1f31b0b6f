import type { MdArray } from './md-arrays.probe.ts';
import type { BlockDevice } from './block-devices-text.ts';
import type { SmartDisk } from './smart-text.ts';
import type { PoolStatus } from '../zfs/zpool-status.schema.ts';

/** A place that a disk has in a pool or an array. */
export interface DiskUse {
  readonly pool: string;
  readonly vdev: string;
  readonly role: string;
  /** Reads and writes that failed, as the pool counts; for an array, 1 when it threw the disk out. */
  readonly errors: number;
}

/** Names under /dev/disk/by-id from the most telling to the least: model and serial before numbers. */
const ranks = [/^ata-/, /^nvme-(?!eui\.|nvme\.|uuid\.)/, /^scsi-S[A-Z]/, /^(usb|mmc|virtio)-/, /^scsi-/, /^wwn-/, /^nvme-/];

/** The name that a disk keeps when cables and slots change. */
export function stableIdOf(device: BlockDevice): string {
  const rank = (name: string): number => {
    const found = ranks.findIndex((pattern) => pattern.test(name));
    return found < 0 ? ranks.length : found;
  };
  const best = [...device.stableNames].sort((a, b) => rank(a) - rank(b) || a.length - b.length || (a < b ? -1 : 1))[0];
  return (best ?? device.serial ?? device.kernelName).replaceAll(/[^\w.:+=-]/g, '_');
}

/** By kernel name: the disk or disks that a device is built on; a disk is built on itself. */
export function disksBelow(name: string, devices: ReadonlyMap<string, BlockDevice>, depth = 0): string[] {
  const device = devices.get(name);
  if (device === undefined || depth > 8) return [];
  if (device.type === 'disk' || device.parents.length === 0) return device.type === 'disk' ? [name] : [];
  return [...new Set(device.parents.flatMap((parent) => disksBelow(parent, devices, depth + 1)))];
}

/** Finds the device behind a name as zpool prints it: /dev/sdb1, /dev/disk/by-id/ata-…-part1, /dev/mapper/…. */
export function deviceOfPath(path: string, devices: readonly BlockDevice[]): BlockDevice | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const whole = name.replace(/-part\d{1,3}$/, '');
  return devices.find((device) => device.kernelName === name || device.name === name) ?? devices.find((device) => device.stableNames.includes(whole));
}

/** Where each disk is used, by its kernel name. */
export function usesOf(devices: readonly BlockDevice[], pools: readonly PoolStatus[], arrays: readonly MdArray[]): Map<string, DiskUse[]> {
  const byName = new Map(devices.map((device) => [device.kernelName, device]));
  const uses = new Map<string, DiskUse[]>();
  const note = (name: string, use: DiskUse): void => {
    for (const disk of disksBelow(name, byName)) uses.set(disk, [...(uses.get(disk) ?? []), use]);
  };
  for (const pool of pools) {
    const sizes = new Map<string, number>();
    for (const leaf of pool.leaves) sizes.set(leaf.vdev, (sizes.get(leaf.vdev) ?? 0) + 1);
    for (const leaf of pool.leaves) {
      const device = deviceOfPath(leaf.path, devices);
      const alone = sizes.get(leaf.vdev) === 1;
      if (device) note(device.kernelName, { pool: pool.name, vdev: alone ? 'single' : leaf.vdev, role: leaf.role, errors: leaf.readErrors + leaf.writeErrors });
    }
  }
  for (const array of arrays) {
    for (const member of array.members) note(member.name, { pool: array.name, vdev: array.level ?? 'array', role: 'data', errors: member.flags.includes('faulty') ? 1 : 0 });
  }
  for (const list of uses.values()) list.sort((a, b) => Number(b.role === 'data') - Number(a.role === 'data'));
  return uses;
}

/** hdd and ssd only where the disk itself or its transport makes it believable: virtual disks claim to rotate. */
export function kindOfDisk(device: BlockDevice, smart: SmartDisk | undefined): 'hdd' | 'ssd' | 'nvme' | 'virtual' | 'unknown' {
  if (/^(vd|xvd)/.test(device.kernelName)) return 'virtual';
  if (device.kernelName.startsWith('nvme')) return 'nvme';
  if (smart?.rotationRate !== undefined) return smart.rotationRate > 0 ? 'hdd' : 'ssd';
  if (device.rotational === false) return 'ssd';
  return device.rotational === true && /^(sata|ata|sas)$/.test(device.transport ?? '') ? 'hdd' : 'unknown';
}
