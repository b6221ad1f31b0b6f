import type { Host } from '../define.ts';

/** For machines on which nothing lies on ZFS: takes the storage `tank` out of storage.cfg, which would be missed otherwise. */
export async function expectNoPool(host: Host): Promise<void> {
  await host.run("[ ! -e /etc/pve/storage.cfg ] || sed -i '/^zfspool: tank$/,/^$/d' /etc/pve/storage.cfg");
}
