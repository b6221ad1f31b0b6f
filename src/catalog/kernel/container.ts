/** What systemd-detect-virt calls containers. They share the kernel of their host, and much of /proc tells of that host. */
const containers: readonly string[] = ['lxc', 'lxc-libvirt', 'docker', 'podman', 'systemd-nspawn', 'openvz', 'rkt', 'wsl', 'container-other'];

/** Whether what was examined is itself a container; false where that cannot be told. */
export function isContainer(system: { readonly virtualization?: string | undefined } | undefined): boolean {
  return system?.virtualization !== undefined && containers.includes(system.virtualization);
}
