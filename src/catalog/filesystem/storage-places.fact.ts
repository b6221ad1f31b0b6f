import { z } from 'zod';
import { defineFact } from '../../define/fact.ts';
import { optional } from '../../define/source.ts';
import diskComparison from '../disk/disk-comparison.fact.ts';
import { disk, nvmeDisk, paceOfDisk, twoDisks } from '../disk/disk-examples.ts';
import { byName } from '../disk/disk-limits.ts';
import disks, { type Disk } from '../disk/disks.fact.ts';
import { datasetOf } from '../zfs/dataset.samples.ts';
import { plainPoolName } from '../zfs/temporary-datasets.ts';
import { zpool } from '../zfs/zpool.samples.ts';
import zfsDatasets, { type Dataset } from '../zfs/zfs-datasets.probe.ts';
import zpools from '../zfs/zpools.fact.ts';
import { mountOf, spaceOf } from './filesystem.samples.ts';
import mounts, { type Mounts } from './mounts.probe.ts';
import space from './space.fact.ts';

const placeSchema = z.object({
  /** `storage/<pool>` or `filesystem/<mount point>`. */
  object: z.string(),
  /** Of a ZFS pool. */
  pool: z.string().optional(),
  /** A folder where a file of ours may lie for a moment: a mounted, writable dataset, or the mount point. Missing: there is none. */
  folder: z.string().optional(),
  /** What its data lies on: the slowest kind where there are several. */
  kind: z.enum(['hdd', 'ssd', 'nvme', 'virtual', 'unknown']),
  /** What synced writes of a pool go to: its log device, where it has one. */
  commitKind: z.enum(['hdd', 'ssd', 'nvme', 'virtual', 'unknown']),
  /** Kernel names. */
  disks: z.array(z.string()),
  /** Longest mean time of an I/O on one of its disks. */
  lateMs: z.number(),
  freeBytes: z.number(),
  /** Why nothing may be written to it now, not even a little. */
  unfit: z.string().optional(),
});
export type StoragePlace = z.infer<typeof placeSchema>;

/** Folders that a shell does not take apart. */
const plainFolder = /^\/[\w.+@:=/-]{0,200}$/;
const fileSystems = /^(ext[234]|xfs|btrfs|f2fs|jfs|bcachefs)$/;
const notForThis = /^\/(boot|efi|dev|proc|sys|run)(\/|$)/;
/** Disks of containers, as Proxmox VE names them. */
const ofGuests = /\/(subvol|basevol)-\d/;
const leastFreeBytes = 300_000_000;
const fullPercent = 90;
const slowestFirst = ['hdd', 'unknown', 'virtual', 'ssd', 'nvme'] as const;

function kindOf(list: readonly Disk[]): Disk['kind'] {
  return slowestFirst.find((kind) => list.some((one) => one.kind === kind)) ?? 'unknown';
}

/** The dataset to write to: not encrypted before encrypted, higher up before lower down; none whose writes are not made durable, or that belongs to a guest. */
function folderIn(pool: string, datasets: readonly Dataset[], mounted: Mounts['mounts']): string | undefined {
  const open = datasets.filter((one) => one.type === 'filesystem' && (one.name === pool || one.name.startsWith(`${pool}/`)) && one.sync !== 'disabled' && one.dedup === 'off' && !ofGuests.test(one.name) && (one.availableBytes ?? 0) >= leastFreeBytes);
  const ranked = open.toSorted((a, b) => Number(a.encryption !== 'off') - Number(b.encryption !== 'off') || a.name.split('/').length - b.name.split('/').length);
  const folders = ranked.flatMap(({ name }) => mounted.filter((mount) => mount.type === 'zfs' && mount.device === name && mount.root === '/' && !mount.options.includes('ro') && !mount.superOptions.includes('ro')));
  return folders.find(({ mountPoint }) => plainFolder.test(mountPoint) && !notForThis.test(mountPoint))?.mountPoint;
}

/** The storages of this host where something temporary could be written, the slowest first. */
export default defineFact({
  id: 'storage-places',
  title: 'Storages of this host that a trial could write to',
  needs: { mounted: mounts, disks, space: optional(space), pools: optional(zpools), datasets: optional(zfsDatasets), pace: optional(diskComparison) },
  schema: z.object({ places: z.array(placeSchema) }),
  derive: ({ mounted, disks: { disks: known }, space: spaces, pools, datasets, pace }) => {
    const lateMs = (list: readonly Disk[]): number => Math.max(0, ...list.map((one) => byName(pace?.disks ?? [], one)?.latencyMs ?? 0));
    const ofPools = (pools?.pools ?? []).filter(({ name }) => plainPoolName.test(name)).map((pool): StoragePlace => {
      const used = (role: string): Disk[] => known.filter((one) => one.uses.some((use) => use.pool === pool.name && use.role === role));
      const [data, log] = [used('data'), used('log')];
      const folder = folderIn(pool.name, datasets?.datasets ?? [], mounted.mounts);
      const full = (pool.freeBytes ?? 0) < leastFreeBytes || (pool.capacityPercent ?? 100) >= fullPercent;
      const unfit = pool.state === 'ONLINE' ? (pool.syncStuck ? `the pool ${pool.name} gets nothing written out` : full ? `the pool ${pool.name} is nearly full, or its free space is not known` : undefined) : `the pool ${pool.name} is ${pool.state}`;
      const kinds = { kind: kindOf(data), commitKind: kindOf(log.length > 0 ? log : data) };
      return { object: pool.object, pool: pool.name, ...(folder !== undefined && { folder }), ...kinds, disks: data.map(({ name }) => name), lateMs: lateMs(data), freeBytes: pool.freeBytes ?? 0, ...(unfit !== undefined && { unfit }) };
    });
    const ofFileSystems = (spaces?.filesystems ?? [])
      .filter(({ mountPoint, type }) => fileSystems.test(type) && plainFolder.test(mountPoint) && !notForThis.test(mountPoint))
      .map(({ object, mountPoint, availableBytes, reservedBytes, usedPercent }): StoragePlace => {
        const below = known.filter((one) => one.mountpoints.includes(mountPoint));
        const full = usedPercent >= fullPercent || availableBytes < leastFreeBytes;
        const kind = kindOf(below);
        return { object, folder: mountPoint, kind, commitKind: kind, disks: below.map(({ name }) => name), lateMs: lateMs(below), freeBytes: availableBytes + reservedBytes, ...(full && { unfit: `the file system on ${mountPoint} is nearly full (${usedPercent} %)` }) };
      });
    return { places: [...ofPools, ...ofFileSystems].toSorted((a, b) => b.lateMs - a.lateMs).slice(0, 32) };
  },
  examples: [
    {
      name: 'a pool with an encrypted and a plain dataset, whose disks are late, beside a root on NVMe and a full file system',
      given: {
        mounted: { mounts: [mountOf('/', {}), mountOf('/tank/enc', { device: 'tank/enc', type: 'zfs' }), mountOf('/tank/vz', { device: 'tank/vz', type: 'zfs' })] },
        disks: { disks: [...twoDisks, nvmeDisk('nvme0n1')] },
        space: { filesystems: [spaceOf('/', {}), spaceOf('/srv', { usedPercent: 97 }), spaceOf('/boot/efi', { type: 'vfat' })] },
        pools: zpool(),
        datasets: { datasets: [datasetOf('tank', { mounted: false }), datasetOf('tank/enc', { encryption: 'aes-256-gcm' }), datasetOf('tank/vz'), datasetOf('tank/fast', { sync: 'disabled' })] },
        pace: { disks: [paceOfDisk('sda', { latencyMs: 240 }), paceOfDisk('sdb', { latencyMs: 20 })] },
      },
      expect: {
        places: [
          { object: 'storage/tank', pool: 'tank', folder: '/tank/vz', kind: 'hdd', commitKind: 'hdd', disks: ['sda', 'sdb'], lateMs: 240 },
          { object: 'filesystem//', folder: '/', kind: 'nvme', disks: ['nvme0n1'] },
          { object: 'filesystem//srv', kind: 'unknown', unfit: 'the file system on /srv is nearly full (97 %)' },
        ],
      },
    },
    {
      name: 'a pool of mechanical disks with a log on NVMe, and nothing mounted; one of its disks is gone',
      given: {
        mounted: { mounts: [] },
        disks: { disks: [disk('sda'), nvmeDisk('nvme0n1', { uses: [{ pool: 'tank', vdev: 'single', role: 'log', errors: 0 }] })] },
        pools: zpool({ state: 'DEGRADED' }),
      },
      expect: { places: [{ object: 'storage/tank', kind: 'hdd', commitKind: 'nvme', unfit: 'the pool tank is DEGRADED' }] },
    },
  ],
});
