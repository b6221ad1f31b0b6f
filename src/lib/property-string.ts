const mostProperties = 50;

/** A property string of Proxmox VE: `local-zfs:vm-100-disk-0,size=32G`, `virtio=BC:24:11:2A:3B:4C,bridge=vmbr0` (pve-docs, qm.conf(5)); what comes without a key is under ''. */
export function propertyString(text: string): Map<string, string> {
  return new Map(
    text.split(',', mostProperties).map((part) => {
      const at = part.indexOf('=');
      return at < 0 ? (['', part] as const) : ([part.slice(0, at), part.slice(at + 1)] as const);
    }),
  );
}
