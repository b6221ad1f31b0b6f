import { defineSymptom, type Detection } from '../../define/symptom.ts';
import { optional } from '../../define/source.ts';
import { bytesText } from '../../lib/host-text.ts';
import { spaceOf } from './filesystem.samples.ts';
import { limitedText, limitsOf } from '../zfs/dataset-limits.ts';
import { datasetOf } from '../zfs/dataset.samples.ts';
import zfsDatasets, { type Dataset } from '../zfs/zfs-datasets.probe.ts';
import { zpool } from '../zfs/zpool.samples.ts';
import zpools from '../zfs/zpools.fact.ts';
import lvm, { type LogicalVolume } from './lvm.probe.ts';
import { poolOf } from './lvm.samples.ts';
import filesystemSpace, { type FilesystemSpace } from './space.fact.ts';

interface Pool {
  readonly object: string;
  readonly name: string;
  readonly capacityPercent?: number | undefined;
  readonly freeBytes?: number | undefined;
  readonly sizeBytes?: number | undefined;
}

const limitPercent = 95;
/** A large file system at 95 % may have room for years: below 99 % it must be short in absolute terms, too. */
const ampleBytes = 50e9;
const ampleInodes = 200_000;

function ofFilesystem(one: FilesystemSpace): Detection[] {
  const found: Detection[] = [];
  const { object, mountPoint, usedPercent, availableBytes, inodesUsedPercent, freeInodes } = one;
  if (usedPercent >= limitPercent && (availableBytes < ampleBytes || usedPercent >= 99)) {
    const says = `${mountPoint} is ${usedPercent} % full, ${bytesText(availableBytes)} are left.`;
    found.push({ object, value: usedPercent, limit: limitPercent, unit: '%', says });
  }
  if (inodesUsedPercent !== undefined && inodesUsedPercent >= limitPercent && (freeInodes ?? 0) < ampleInodes) {
    const says = `${mountPoint} has used ${inodesUsedPercent} % of its inodes, ${freeInodes ?? 0} more files fit in.`;
    found.push({ object, value: inodesUsedPercent, limit: limitPercent, unit: '% of inodes', says });
  }
  return found;
}

/** What ZFS keeps back of a pool: a 32nd, 128 GiB at most (zfs(4), spa_slop_shift). */
function reserveOf(sizeBytes: number): number {
  return Math.min(sizeBytes / 32, 128 * 1024 ** 3);
}

function ofPool({ object, name, capacityPercent, freeBytes, sizeBytes }: Pool): Detection[] {
  if (capacityPercent === undefined || freeBytes === undefined || sizeBytes === undefined || capacityPercent < limitPercent) return [];
  const left = Math.max(0, freeBytes - reserveOf(sizeBytes));
  if (left >= ampleBytes && capacityPercent < 99) return [];
  const says = `Pool ${name} is ${capacityPercent} % full, ${bytesText(left)} are left besides what ZFS keeps back.`;
  return [{ object, value: capacityPercent, limit: limitPercent, unit: '%', says }];
}

function ofThinPool(volume: LogicalVolume): Detection[] {
  if (!volume.attributes.startsWith('t')) return [];
  const value = Math.max(volume.dataPercent ?? 0, volume.metadataPercent ?? 0);
  if (value < limitPercent) return [];
  const what = value === volume.dataPercent ? 'data' : 'metadata';
  const says = `The ${what} of thin pool ${volume.volumeGroup}/${volume.name} is ${value} % full.`;
  return [{ object: `storage/${volume.volumeGroup}/${volume.name}`, value, limit: limitPercent, unit: '%', says }];
}

const datasetLimitPercent = 98;
const ampleInDatasetBytes = 5e9;

function ofDatasets(datasets: readonly Dataset[]): Detection[] {
  return limitsOf(datasets)
    .filter((limit) => limit.usedPercent >= datasetLimitPercent && limit.leftBytes < ampleInDatasetBytes)
    .slice(0, 50)
    .map((limit) => ({
      object: limit.object,
      value: limit.usedPercent,
      limit: datasetLimitPercent,
      unit: '%',
      says: `${limitedText(limit)} has used ${limit.usedPercent} % of its ${limit.kind}, ${bytesText(limit.leftBytes)} are left.`,
    }));
}

export default defineSymptom({
  id: 'space-low',
  title: 'Little space is left',
  about: `A writable local file system or a ZFS pool is
at least 95 % full with less than 50 GB left (or 99 % full at all), a file system has used 95 % of its inodes, an LVM thin pool is at least 95 % full, or a ZFS dataset has
used 98 % of its quota with less than 5 GB left. Read-only images are
always full and do not count.`,
  needs: { space: filesystemSpace, volumes: optional(lvm), zpools: optional(zpools), datasets: optional(zfsDatasets) },
  leak: 0.05,
  detect: ({ space, volumes, zpools: zfs, datasets }) => [
    ...space.filesystems.flatMap(ofFilesystem),
    ...(volumes?.volumes.flatMap(ofThinPool) ?? []),
    ...(zfs?.pools.flatMap(ofPool) ?? []),
    ...ofDatasets(datasets?.datasets ?? []),
  ],
  examples: {
    present: [
      {
        name: 'the full disk of a container on ZFS',
        given: { space: { filesystems: [] }, datasets: { datasets: [datasetOf('rpool/data/subvol-101-disk-0', { referencedBytes: 8e9, refQuotaBytes: 8e9 })] } },
        objects: ['storage/rpool/data/subvol-101-disk-0'],
      },
      {
        name: 'a full root, no inodes in /var, a full thin pool',
        given: {
          space: {
            filesystems: [
              spaceOf('/', { usedPercent: 99.7, availableBytes: 3e8 }),
              spaceOf('/var', { inodesUsedPercent: 100, freeInodes: 0 }),
            ],
          },
          volumes: { groups: [], volumes: [poolOf({ dataPercent: 97.2 })] },
          zpools: zpool({ capacityPercent: 97, sizeBytes: 4e12, freeBytes: 1.2e11 }),
        },
        objects: ['filesystem//', 'filesystem//var', 'storage/pve/data', 'storage/tank'],
      },
    ],
    absent: [
      {
        name: 'a share of 10 TB with 150 GB left of its quota',
        given: { space: { filesystems: [] }, datasets: { datasets: [datasetOf('tank/share', { usedBytes: 9.85e12, quotaBytes: 1e13 })] } },
      },
      { name: 'half full', given: { space: { filesystems: [spaceOf('/', {})] } } },
      {
        name: 'a large archive at 96 % with 800 GB left',
        given: { space: { filesystems: [spaceOf('/mnt/archive', { sizeBytes: 20e12, usedPercent: 96, availableBytes: 8e11 })] } },
      },
      { name: 'a pool of 100 TB at 96 %', given: { space: { filesystems: [] }, zpools: zpool({ capacityPercent: 96, sizeBytes: 1e14, freeBytes: 4e12 }) } },
      { name: 'a thin pool at 80 %', given: { space: { filesystems: [] }, volumes: { groups: [], volumes: [poolOf({ dataPercent: 80 })] } } },
    ],
  },
});
