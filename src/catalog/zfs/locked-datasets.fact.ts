import { z } from 'zod';
import { defineFact } from '../../define/fact.ts';
import { absent } from '../../define/result.ts';
import { optional } from '../../define/source.ts';
import guestConfigs from '../guests/guest-configs.probe.ts';
import { configOf } from '../guests/guests.samples.ts';
import proxmox, { type ProxmoxStorage } from '../guests/proxmox.probe.ts';
import { datasetOf, storageOf } from './dataset.samples.ts';
import zfsDatasets, { type Dataset } from './zfs-datasets.probe.ts';

const lockedSchema = z.object({
  object: z.string(),
  /** The dataset that has the key for those below it. */
  root: z.string(),
  datasets: z.number(),
  /** `prompt`, `file:///…`, `https`. */
  keyLocation: z.string().optional(),
  /** File systems among them that are to be mounted by themselves. */
  toBeMounted: z.number(),
  /** Enabled storages of Proxmox VE on this node that lie on them, and guests with disks there. Undefined where that could not be read. */
  storages: z.array(z.string()).optional(),
  guests: z.array(z.string()).optional(),
});
export type LockedRoot = z.infer<typeof lockedSchema>;

/** Whether one dataset or folder is another or lies in it. */
function isWithin(name: string, parent: string): boolean {
  return name === parent || name.startsWith(`${parent}/`);
}

function isOn(storage: ProxmoxStorage, locked: readonly Dataset[]): boolean {
  if (storage.type === 'zfspool') return locked.some((dataset) => storage.pool !== undefined && isWithin(storage.pool, dataset.name));
  return storage.type === 'dir' && locked.some((dataset) => dataset.mountPoint.startsWith('/') && storage.path !== undefined && isWithin(storage.path, dataset.mountPoint));
}

/** Encrypted ZFS data whose key is not loaded, by the dataset that has the key, and who counts on it. */
export default defineFact({
  id: 'locked-datasets',
  title: 'Encrypted ZFS data whose key is not loaded',
  needs: { list: zfsDatasets, pve: optional(proxmox), configs: optional(guestConfigs) },
  schema: z.object({ roots: z.array(lockedSchema) }),
  derive: ({ list, pve, configs }) => {
    const encrypted = list.datasets.filter((dataset) => dataset.encryption !== 'off');
    if (encrypted.length === 0) return absent('no ZFS dataset is encrypted');
    const roots = new Map<string, Dataset[]>();
    for (const dataset of encrypted) {
      if (dataset.keyStatus !== 'unavailable') continue;
      const root = dataset.encryptionRoot ?? dataset.name;
      roots.set(root, [...(roots.get(root) ?? []), dataset]);
    }
    const here = (pve?.storages ?? []).filter((storage) => !storage.disabled && (storage.nodes.length === 0 || pve?.nodeName === undefined || storage.nodes.includes(pve.nodeName)));
    return {
      roots: [...roots].slice(0, 100).map(([root, locked]): LockedRoot => {
        const storages = here.filter((storage) => isOn(storage, locked)).map((storage) => storage.name);
        const guests = configs?.guests.filter((guest) => !guest.template && guest.disks.some((disk) => disk.storage !== undefined && storages.includes(disk.storage)));
        const keyLocation = locked.find((dataset) => dataset.name === root)?.keyLocation;
        return {
          object: `storage/${root}`,
          root,
          datasets: locked.length,
          ...(keyLocation !== undefined && { keyLocation }),
          toBeMounted: locked.filter((dataset) => dataset.type === 'filesystem' && dataset.mountPoint.startsWith('/') && (dataset.canMount ?? 'on') === 'on').length,
          ...(pve !== undefined && { storages }),
          ...(pve !== undefined && guests !== undefined && { guests: guests.map((guest) => guest.object) }),
        };
      }),
    };
  },
  examples: [
    {
      name: 'a locked dataset that a storage with a guest lies on, and a copy of another host',
      given: {
        list: {
          datasets: [
            datasetOf('rpool'),
            datasetOf('rpool/enc', { encryption: 'aes-256-gcm', keyStatus: 'unavailable', encryptionRoot: 'rpool/enc', keyLocation: 'prompt', canMount: 'on', mounted: false }),
            datasetOf('rpool/enc/vm-100-disk-0', { type: 'volume', encryption: 'aes-256-gcm', keyStatus: 'unavailable', encryptionRoot: 'rpool/enc', mountPoint: '-', mounted: false }),
            datasetOf('rpool/copies/db', { encryption: 'aes-256-gcm', keyStatus: 'unavailable', encryptionRoot: 'rpool/copies/db', canMount: 'noauto', mounted: false }),
          ],
        },
        pve: { configMounted: true, nodeName: 'pve1', storages: [storageOf('secret', 'rpool/enc'), storageOf('elsewhere', 'rpool/copies', { nodes: ['pve2'] })] },
        configs: { guests: [configOf('qemu/100', { disks: [{ slot: 'scsi0', bus: 'scsi', storage: 'secret', volume: 'vm-100-disk-0' }] }), configOf('qemu/101')] },
      },
      expect: {
        roots: [
          { object: 'storage/rpool/enc', datasets: 2, toBeMounted: 1, keyLocation: 'prompt', storages: ['secret'], guests: ['qemu/100'] },
          { root: 'rpool/copies/db', toBeMounted: 0, storages: [], guests: [] },
        ],
      },
    },
    { name: 'all keys are loaded', given: { list: { datasets: [datasetOf('rpool/enc', { encryption: 'aes-256-gcm', keyStatus: 'available' })] } }, expect: { roots: [] } },
    { name: 'nothing is encrypted', given: { list: { datasets: [datasetOf('rpool')] } }, expect: absent('no ZFS dataset is encrypted') },
  ],
});
