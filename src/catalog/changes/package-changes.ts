import type { Change, Component } from '../../define/change.ts';
import { localTimeMs, type LocalZone } from '../../lib/local-time.ts';
import type { PackageLog } from './package-log.probe.ts';

/** Kernels, and modules and firmware that the kernel loads, take effect with the next boot. */
const withNextBoot = /^(linux-image|linux-modules|proxmox-kernel|proxmox-default-kernel|pve-kernel|kernel($|-core|-modules|-default)|firmware-|pve-firmware|linux-firmware|zfs-dkms|zfs-modules|kmod-zfs|intel-microcode|amd64-microcode|microcode_ctl|ucode-)/;

const byName: readonly (readonly [RegExp, Component])[] = [
  [/^(zfs|libzfs|libzpool|libnvpair|libuutil)/, 'zfs'],
  [/^(pve-qemu-kvm|qemu-|libvirt|lxc|liblxc|pve-container|pve-manager|pve-ha-manager|pve-cluster|libpve-|proxmox-backup|proxmox-ve|corosync|ceph)/, 'virtualisation'],
  [/^(ifupdown|bridge-utils|openvswitch|iproute2|nftables|iptables|netplan|frr)/, 'network-settings'],
  [/^(smartmontools|nvme-cli|multipath|lvm2|mdadm|open-iscsi|nfs-|cryptsetup)/, 'storage-settings'],
];

/** What a package's new version touches at once. */
export function componentsOfPackage(name: string): Component[] {
  if (withNextBoot.test(name)) return [];
  const component = byName.find(([pattern]) => pattern.test(name))?.[1];
  return component === undefined ? ['other'] : [component];
}

const isNotable = (name: string): boolean => withNextBoot.test(name) || byName.some(([pattern]) => pattern.test(name)) || /^(systemd|udev|libc6|glibc|openssh-server|linux-headers-amd64|chrony)$/.test(name);
const verbs = { install: 'installed', upgrade: 'upgraded', remove: 'removed', purge: 'removed with its settings' } as const;
/** Packages that follow each other within so long belong to one run. */
const runGapMs = 10 * 60_000;

interface Dated {
  readonly atMs: number;
  readonly name: string;
  readonly action: keyof typeof verbs;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

function changeOf({ atMs, name, action, from, to }: Dated): Change {
  const versions = from !== undefined && to !== undefined ? ` from ${from} to ${to}` : (to ?? from) === undefined ? '' : ` (${to ?? from})`;
  const later = withNextBoot.test(name) ? '; it takes effect with the next boot' : '';
  const ends = { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
  return { atMs, precisionMs: 1_000, kind: 'package', what: name, ...ends, components: componentsOfPackage(name), says: `${name} was ${verbs[action]}${versions}${later}`, source: 'package-log' };
}

/** All that is not notable by itself, in one line for each run. */
function restOf(list: readonly Dated[], commandAt: (atMs: number) => string | undefined): Change[] {
  const runs: Dated[][] = [];
  for (const one of list) {
    const run = runs.at(-1);
    if (run !== undefined && one.atMs - run.at(-1)!.atMs <= runGapMs) run.push(one);
    else runs.push([one]);
  }
  return runs.map((run) => {
    const [first, last] = [run[0]!, run.at(-1)!];
    const command = commandAt(first.atMs);
    const what = run.length === 1 ? first.name : `${run.length} packages`;
    const says = run.length === 1 ? changeOf(first).says : `${run.length} other packages were installed, upgraded or removed`;
    return { atMs: first.atMs, precisionMs: 1_000, durationMs: last.atMs - first.atMs, kind: 'package', what, components: ['other'], says: `${says}${command === undefined ? '' : ` (${command})`}`, source: 'package-log' };
  });
}

const steps: Readonly<Record<string, string>> = { configure: 'set up', unpack: 'unpacked', install: 'installed', remove: 'removed', purge: 'removed' };
const mostFailures = 20;

/** What went wrong; times are when the run of apt began. */
function failuresOf(log: PackageLog, zone: LocalZone): Change[] {
  return (log.failures ?? []).slice(-mostFailures).flatMap(({ at, name, says }): Change[] => {
    const atMs = localTimeMs(at, zone);
    if (atMs === undefined) return [];
    const text = name === undefined ? `a package's module could not be built: ${says}` : `${name} could not be ${steps[says] ?? 'set up'}`;
    return [{ atMs, precisionMs: 3_600_000, kind: 'package', what: name ?? 'kernel module', components: name === undefined ? ['kernel'] : ['other'], says: text, source: 'package-log' }];
  });
}

/** The packages' part of the ledger: what runs below the guests one by one, all else in one line for each run. */
export function packageChanges(log: PackageLog, zone: LocalZone): Change[] {
  const dated = [
    ...log.entries.flatMap(({ at, ...entry }): Dated[] => {
      const atMs = localTimeMs(at, zone);
      return atMs === undefined ? [] : [{ atMs, ...entry }];
    }),
    ...log.rpm.map(({ atSeconds, name, version }): Dated => ({ atMs: atSeconds * 1_000, name, action: 'install', to: version })),
  ].toSorted((a, b) => a.atMs - b.atMs);
  const runs = log.runs.flatMap(({ at, command }) => {
    const atMs = localTimeMs(at, zone);
    return atMs === undefined || command === undefined ? [] : [{ atMs, command }];
  });
  const commandAt = (atMs: number): string | undefined => runs.findLast((run) => run.atMs <= atMs + 2_000 && run.atMs >= atMs - 3_600_000)?.command;
  return [...dated.filter(({ name }) => isNotable(name)).map(changeOf), ...restOf(dated.filter(({ name }) => !isNotable(name)), commandAt), ...failuresOf(log, zone)];
}
