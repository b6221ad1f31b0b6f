import type { ProxmoxStorage } from '../guests/proxmox.probe.ts';
import type { Dataset } from './zfs-datasets.probe.ts';

/** A plain, mounted file system of 1 GB; `more` is what the example is about. */
export function datasetOf(name: string, more: Partial<Dataset> = {}): Dataset {
  return {
    name,
    type: 'filesystem',
    usedBytes: 1e9,
    availableBytes: 1e12,
    referencedBytes: 1e9,
    mountPoint: `/${name}`,
    encryption: 'off',
    keyStatus: '',
    compression: 'on',
    sync: 'standard',
    dedup: 'off',
    mounted: true,
    ...more,
  };
}

/** A storage of Proxmox VE on a ZFS dataset. */
export function storageOf(name: string, pool: string, more: Partial<ProxmoxStorage> = {}): ProxmoxStorage {
  return { name, type: 'zfspool', content: ['images', 'rootdir'], pool, nodes: [], disabled: false, shared: false, krbd: false, ...more };
}
