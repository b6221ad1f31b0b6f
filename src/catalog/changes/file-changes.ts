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

/** etckeeper notes what a run of packages did to /etc by itself, and what lay there before one. */
const byPackages = /^committing changes (?:in etc )?(?:made by|after) /i;
const dayMs = 86_400_000;

/** What a commit holds happened since the one before; the oldest is taken to hold a day, as etckeeper commits daily. */
function committedFiles(commits: EditedFiles['commits']): { readonly path: string; readonly atMs: number; readonly precisionMs: number; readonly subject: string | undefined }[] {
  return commits.flatMap(({ atSeconds, paths, subject }, index) => {
    if (subject !== undefined && byPackages.test(subject)) return [];
    const sinceMs = Math.min((commits[index + 1]?.atSeconds ?? atSeconds) * 1_000, atSeconds * 1_000);
    const atMs = index + 1 < commits.length ? sinceMs : atSeconds * 1_000 - dayMs;
    return paths.map((path) => ({ path, atMs, precisionMs: Math.max(1_000, atSeconds * 1_000 - atMs), subject }));
  });
}

function changeOf(path: string, { atMs, precisionMs, subject }: { readonly atMs: number; readonly precisionMs: number; readonly subject?: string | undefined }): Change {
  const [, kind, id] = /^\/etc\/pve\/nodes\/[^/]+\/(qemu-server|lxc)\/(\d{1,9})\.conf$/.exec(path) ?? [];
  const component = byPath.find(([pattern]) => pattern.test(path))?.[1] ?? 'other';
  const guest = id === undefined ? undefined : `${kind === 'lxc' ? 'lxc' : 'qemu'}/${id}`;
  const noted = subject === undefined ? '' : ` (noted as “${subject}”)`;
  return { atMs, precisionMs, kind: 'file', what: guest ?? path, components: [component], says: guest === undefined ? `${path} was edited${noted}` : `the settings of ${guest} were edited`, source: 'edited-files' };
}

/** The settings' part of the ledger. `packagesAtMs`: when packages were changed. */
export function fileChanges({ files, commits }: EditedFiles, packagesAtMs: readonly number[]): Change[] {
  const duringPackages = ({ atMs, precisionMs }: { readonly atMs: number; readonly precisionMs: number }): boolean => precisionMs <= packageRunMs && packagesAtMs.some((one) => Math.abs(one - atMs) <= packageRunMs);
  const edited = files
    .filter(({ modifiedSeconds, changedSeconds }) => Math.abs(changedSeconds - modifiedSeconds) * 1_000 < sameMs)
    .map(({ path, modifiedSeconds }) => ({ path, atMs: modifiedSeconds * 1_000, precisionMs: 1_000 }));
  const sameEdit = (commit: { readonly path: string; readonly atMs: number; readonly precisionMs: number }): boolean =>
    edited.some(({ path, atMs }) => path === commit.path && atMs >= commit.atMs - packageRunMs && atMs <= commit.atMs + commit.precisionMs + packageRunMs);
  const all = [...edited, ...committedFiles(commits).filter((commit) => !sameEdit(commit))];
  return all.filter((one) => !volatile.test(one.path) && !duringPackages(one)).map((one) => changeOf(one.path, one));
}
