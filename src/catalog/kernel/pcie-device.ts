import type { Disk } from '../disk/disks.fact.ts';
import type { PciDevice } from '../network/pci.probe.ts';

/** How reports name a device: the disk where it is exactly one, else by its place on the bus. */
export function pcieObject(slot: string, disks: { readonly disks: readonly Disk[] } | undefined): string {
  const behind = disks?.disks.filter((disk) => disk.kind === 'nvme' && disk.pciAddress === slot) ?? [];
  return behind.length === 1 ? behind[0]!.object : `pci/${slot}`;
}

/** For sentences: `0000:01:00.0 (Samsung PM9A3, nvme)`. */
export function pcieName(slot: string, device: PciDevice | undefined): string {
  const words = [device?.name, device?.driver === '-' ? undefined : device?.driver].filter((word) => word !== undefined);
  return words.length === 0 ? slot : `${slot} (${words.join(', ')})`;
}
