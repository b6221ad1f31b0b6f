import type { BlockDevice } from '../disk/block-devices-text.ts';
import { disksBelow } from '../disk/disk-identity.ts';
import type { Disk } from '../disk/disks.fact.ts';
import type { GuestConfig } from '../guests/guest-configs.schema.ts';
import type { ProxmoxStorage } from '../guests/proxmox.probe.ts';
import { placesOf, type Place } from './disk-dependencies.ts';

/** The volume group of a logical volume by its name in device mapper, which doubles each hyphen of a name: `pve-vm--100--disk--0` (dmsetup(8)). */
function volumeGroupOf(mapped: string): string | undefined {
  const [, group] = /^((?:[^-]|--){1,200})-(?!-)/.exec(mapped) ?? [];
  return group?.replaceAll('--', '-');
}

/** Volume groups as places like pools: `storage/pve`. */
function volumeGroups(devices: readonly BlockDevice[], disks: readonly Disk[]): Place[] {
  const byName = new Map(devices.map((device) => [device.kernelName, device]));
  const diskOf = new Map(disks.map((disk) => [disk.name, disk]));
  const groups = new Map<string, Set<string>>();
  for (const device of devices) {
    const group = device.type === 'lvm' ? volumeGroupOf(device.name) : undefined;
    if (group !== undefined) groups.set(group, new Set([...(groups.get(group) ?? []), ...disksBelow(device.kernelName, byName)]));
  }
  return [...groups].map(([group, names]) => ({ id: `storage/${group}`, disks: [...names].flatMap((name) => diskOf.get(name) ?? []) })).filter(({ disks: below }) => below.length > 0);
}

/** All places of a host, none of them on disks that another one has all of: their work cannot be told apart, and the larger stands for both. */
export interface Places {
  readonly places: readonly Place[];
  /** The place that stands for a name. */
  readonly standsFor: (id: string) => string | undefined;
}

export function findPlaces(disks: readonly Disk[], devices: readonly BlockDevice[]): Places {
  const all = [...placesOf(disks), ...volumeGroups(devices, disks)].toSorted((a, b) => b.disks.length - a.disks.length || Number(a.id.startsWith('filesystem/')) - Number(b.id.startsWith('filesystem/')));
  const places: Place[] = [];
  const names = new Map<string, string>();
  for (const place of all) {
    const larger = places.find((one) => place.disks.every((disk) => one.disks.includes(disk)));
    if (larger === undefined) places.push(place);
    if (!names.has(place.id)) names.set(place.id, (larger ?? place).id);
  }
  return { places, standsFor: (id) => names.get(id) };
}

/** The place behind a storage of Proxmox VE, as far as its disks are this host's own. */
function placeOfStorage({ type, path, pool, volumeGroup }: ProxmoxStorage, { places, standsFor }: Places): string | undefined {
  if (type === 'zfspool') return standsFor(`storage/${pool?.split('/', 1)[0] ?? ''}`);
  if (type === 'lvm' || type === 'lvmthin') return standsFor(`storage/${volumeGroup ?? ''}`);
  if ((type !== 'dir' && type !== 'btrfs') || path === undefined) return undefined;
  // A folder of a pool that is mounted where pools are by default.
  const onPool = places.find(({ id }) => id.startsWith('storage/') && `${path}/`.startsWith(`/${id.slice('storage/'.length)}/`));
  if (onPool !== undefined) return onPool.id;
  const mounts = places.flatMap(({ disks }) => disks.flatMap(({ mountpoints }) => mountpoints)).filter((mount) => mount === '/' || path === mount || path.startsWith(`${mount}/`));
  const nearest = mounts.toSorted((a, b) => b.length - a.length)[0];
  return nearest === undefined ? undefined : standsFor(`filesystem/${nearest}`);
}

/** The places on which a guest's disks lie, by its settings. */
export function placesOfGuest(config: GuestConfig | undefined, storages: readonly ProxmoxStorage[], known: Places): string[] {
  const names = new Set((config?.disks ?? []).flatMap(({ storage }) => storage ?? []));
  return [...new Set(storages.filter(({ name }) => names.has(name)).flatMap((storage) => placeOfStorage(storage, known) ?? []))];
}
