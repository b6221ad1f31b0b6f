import { z } from 'zod';
import { defineFact } from '../../define/fact.ts';
import { optional } from '../../define/source.ts';
import { spaceOf } from '../filesystem/filesystem.samples.ts';
import lvm from '../filesystem/lvm.probe.ts';
import { poolOf } from '../filesystem/lvm.samples.ts';
import filesystemSpace, { type FilesystemSpace } from '../filesystem/space.fact.ts';
import { zpool } from '../zfs/zpool.samples.ts';
import zpools from '../zfs/zpools.fact.ts';
import { storageOf } from './cluster.samples.ts';
import guestConfigs from './guest-configs.probe.ts';
import { configOf } from './guests.samples.ts';
import proxmox from './proxmox.probe.ts';

const schema = z.object({
  guests: z.array(
    z.object({
      object: z.string(),
      storages: z.array(
        z.object({
          name: z.string(),
          type: z.string(),
          /** Where the storage's room is known: how much of it is used; of a thin pool, its data or metadata, whichever is more. */
          usedPercent: z.number().optional(),
        }),
      ),
    }),
  ),
});

/** The file system that a path lies on: the one with the longest mount point. */
function filesystemOf(path: string, filesystems: readonly FilesystemSpace[]): FilesystemSpace | undefined {
  const within = filesystems.filter(({ mountPoint }) => mountPoint === '/' || path === mountPoint || path.startsWith(`${mountPoint}/`));
  return within.toSorted((a, b) => b.mountPoint.length - a.mountPoint.length)[0];
}

/** On which storages the disks of each guest lie, and how full those are. */
export default defineFact({
  id: 'guest-storages',
  title: 'Storages of the guests, and how full they are',
  needs: { configs: guestConfigs, proxmox, space: optional(filesystemSpace), volumes: optional(lvm), zfs: optional(zpools) },
  schema,
  derive: ({ configs, proxmox: host, space, volumes, zfs }) => {
    const usedPercentOf = new Map(
      host.storages.map((storage): readonly [string, number | undefined] => {
        const { name, type, path, pool, volumeGroup, thinPool } = storage;
        if (type === 'zfspool') return [name, zfs?.pools.find((one) => one.name === pool?.split('/', 1)[0])?.capacityPercent];
        if (type === 'lvmthin') {
          const thin = volumes?.volumes.find((one) => one.volumeGroup === volumeGroup && one.name === thinPool);
          return [name, thin && Math.max(thin.dataPercent ?? 0, thin.metadataPercent ?? 0)];
        }
        const local = type === 'dir' || type === 'btrfs';
        return [name, local && path !== undefined ? filesystemOf(path, space?.filesystems ?? [])?.usedPercent : undefined];
      }),
    );
    return {
      guests: configs.guests.map((guest) => {
        const names = [...new Set(guest.disks.flatMap((disk) => disk.storage ?? []))];
        return {
          object: guest.object,
          storages: names.map((name) => {
            const usedPercent = usedPercentOf.get(name);
            return { name, type: host.storages.find((one) => one.name === name)?.type ?? 'unknown', ...(usedPercent !== undefined && { usedPercent }) };
          }),
        };
      }),
    };
  },
  examples: [
    {
      name: 'a full folder, a thin pool and a ZFS pool',
      given: {
        configs: {
          guests: [
            configOf('qemu/100', { disks: [{ slot: 'scsi0', bus: 'scsi', storage: 'local' }, { slot: 'scsi1', bus: 'scsi', storage: 'thin' }] }),
            configOf('lxc/101', { disks: [{ slot: 'rootfs', bus: 'rootfs', storage: 'local-zfs' }, { slot: 'mp0', bus: 'mp', storage: 'nas' }] }),
          ],
        },
        proxmox: {
          configMounted: true,
          storages: [
            storageOf('local', 'dir', { path: '/var/lib/vz' }),
            storageOf('thin', 'lvmthin', { volumeGroup: 'pve', thinPool: 'data' }),
            storageOf('local-zfs', 'zfspool', { pool: 'tank/data' }),
            storageOf('nas', 'nfs', { path: '/mnt/pve/nas' }),
          ],
        },
        space: { filesystems: [spaceOf('/', { usedPercent: 40 }), spaceOf('/var/lib/vz', { usedPercent: 100 })] },
        volumes: { groups: [], volumes: [poolOf({ dataPercent: 71, metadataPercent: 3 })] },
        zfs: zpool({ capacityPercent: 44 }),
      },
      expect: {
        guests: [
          { object: 'qemu/100', storages: [{ name: 'local', type: 'dir', usedPercent: 100 }, { name: 'thin', usedPercent: 71 }] },
          { object: 'lxc/101', storages: [{ name: 'local-zfs', usedPercent: 44 }, { name: 'nas', type: 'nfs' }] },
        ],
      },
    },
    { name: 'the settings of the guests were not read', given: { proxmox: { configMounted: true, storages: [] } }, expect: 'connection-lost' },
  ],
});
