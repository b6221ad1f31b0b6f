import type { Change, Component } from '../../define/change.ts';
import type { EditedFiles } from './edited-files.probe.ts';

/** Files that the system writes by itself. */
const volatile =
  /^\/etc\/(resolv\.conf|mtab|adjtime|ld\.so\.cache|\.pwd\.lock|\.git\/|\.etckeeper|zfs\/zpool\.cache|zfs\/zfs-list\.cache\/|lvm\/(archive|backup|cache)\/|ssl\/certs\/|alternatives\/|cups\/|pve\/nodes\/[^/]+\/(lrm_status|pve-ssl|pveproxy)|pve\/(authkey|priv\/)|nvme\/host|machine-id|\.updated|blkid|subuid|subgid|passwd-|shadow-|group-|gshadow-)/;

const byPath: readonly (readonly [RegExp, Component])[] = [
  [/^\/etc\/(modprobe\.d|modules|modules-load\.d|sysctl|default\/grub|kernel\/|initramfs-tools|dracut)|^\/boot\//, 'kernel-settings'],
  [/^\/etc\/(network\/|netplan\/|hosts|nftables|iptables|frr\/|systemd\/network|pve\/(firewall|sdn))/, 'network-settings'],
  [/^\/etc\/(zfs\/|fstab|lvm\/|multipath|iscsi|mdadm|crypttab|exports|pve\/storage\.cfg|ceph)/, 'storage-settings'],
  [/^\/etc\/pve\/nodes\/[^/]+\/(qemu-server|lxc)\//, 'guest-settings'],
  [/^\/etc\/(systemd\/|cron|default\/|pve\/jobs\.cfg|vzdump\.conf)/, 'services'],
];

/** Settings whose inode is much younger than their content came with a package; those that are written during one were written by it. */
const sameMs = 86_400_000;
const packageRunMs = 120_000;

function changeOf(path: string, atMs: number, source: string): Change {
  const [, kind, id] = /^\/etc\/pve\/nodes\/[^/]+\/(qemu-server|lxc)\/(\d{1,9})\.conf$/.exec(path) ?? [];
  const component = byPath.find(([pattern]) => pattern.test(path))?.[1] ?? 'other';
  const guest = id === undefined ? undefined : `${kind === 'lxc' ? 'lxc' : 'qemu'}/${id}`;
  return { atMs, precisionMs: 1_000, kind: 'file', what: guest ?? path, components: [component], says: guest === undefined ? `${path} was edited` : `the settings of ${guest} were edited`, source };
}

/** The settings' part of the ledger. `packagesAtMs`: when packages were changed. */
export function fileChanges({ files, commits }: EditedFiles, packagesAtMs: readonly number[]): Change[] {
  const duringPackages = (atMs: number): boolean => packagesAtMs.some((one) => Math.abs(one - atMs) <= packageRunMs);
  const committed = commits.flatMap(({ atSeconds, paths }) => paths.map((path) => ({ path, atMs: atSeconds * 1_000 })));
  const edited = files
    .filter(({ modifiedSeconds, changedSeconds }) => Math.abs(changedSeconds - modifiedSeconds) * 1_000 < sameMs)
    .map(({ path, modifiedSeconds }) => ({ path, atMs: modifiedSeconds * 1_000 }));
  const all = [...edited, ...committed.filter(({ path, atMs }) => !edited.some((one) => one.path === path && Math.abs(one.atMs - atMs) < sameMs))];
  return all.filter(({ path, atMs }) => !volatile.test(path) && !duringPackages(atMs)).map(({ path, atMs }) => changeOf(path, atMs, 'edited-files'));
}
