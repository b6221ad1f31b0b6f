/**
 * How objects are named in reports: `host` → `node/pve1`, `storage/tank` → `storage/pve1/tank`, the names that Proxmox exporters
 * use, so that dashboards join. Without a host name they stay as they are.
 */
export function objectNames(hostname: string | undefined): (object: string) => string {
  return (object) => {
    if (hostname === undefined) return object;
    if (object === 'host') return `node/${hostname}`;
    return object.startsWith('storage/') ? `storage/${hostname}/${object.slice('storage/'.length)}` : object;
  };
}
