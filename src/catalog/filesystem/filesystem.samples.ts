import type { FilesystemUsage } from './filesystem-usage.probe.ts';
import type { Mounts } from './mounts.probe.ts';
import type { FilesystemSpace } from './space.fact.ts';

type Mount = Mounts['mounts'][number];
type Usage = FilesystemUsage['filesystems'][number];

/** A writable ext4 file system, with what is different. */
export function mountOf(mountPoint: string, different: Partial<Mount>): Mount {
  const plain = { device: '/dev/sda1', type: 'ext4', options: ['rw', 'relatime'], superOptions: ['rw'], root: '/', deviceNumber: '8:1' };
  return { ...plain, mountPoint, ...different };
}

/** Half full, with what is different. */
export function usageOf(mountPoint: string, sizeBytes: number, different: Partial<Usage>): Usage {
  const freeBytes = different.freeBytes ?? sizeBytes / 2;
  return { mountPoint, sizeBytes, freeBytes, availableBytes: freeBytes, inodes: 6_000_000, freeInodes: 5_000_000, ...different };
}

/** 100 GB of ext4, 40 % full, with what is different. */
export function spaceOf(mountPoint: string, different: Partial<FilesystemSpace>): FilesystemSpace {
  return {
    object: `filesystem/${mountPoint}`,
    mountPoint,
    device: '/dev/sda1',
    type: 'ext4',
    sizeBytes: 100e9,
    availableBytes: 55e9,
    usedPercent: 40,
    reservedBytes: 5e9,
    inodesUsedPercent: 10,
    freeInodes: 5_000_000,
    ...different,
  };
}
