import type { LogicalVolume } from './lvm.probe.ts';

/** The thin pool of a Proxmox VE installation, half full, with what is different. */
export function poolOf(different: Partial<LogicalVolume>): LogicalVolume {
  return {
    volumeGroup: 'pve',
    name: 'data',
    attributes: 'twi-aotz--',
    sizeBytes: 3.6e11,
    dataPercent: 50,
    metadataPercent: 3,
    health: '',
    ...different,
  };
}
