import type { Suite } from '../define.ts';

/** What a machine of the lab has installed besides Debian's minimal set, by what it is for. */
const packages = {
  'starts and answers': ['systemd-sysv', 'udev', 'dbus', 'libpam-systemd', 'initramfs-tools', 'kmod', 'openssh-server', 'cron', 'logrotate'],
  'kernel and ZFS': ['linux-image-amd64', 'linux-headers-amd64', 'zfs-dkms', 'zfsutils-linux', 'zfs-zed'],
  'looks at hardware': ['smartmontools', 'nvme-cli', 'hdparm', 'lm-sensors', 'dmidecode', 'pciutils', 'ethtool', 'gdisk', 'sg3-utils', 'lsscsi'],
  'looks at processes': ['procps', 'psmisc', 'lsof', 'strace', 'sysstat', 'sosreport', 'prometheus-node-exporter'],
  'storage besides ZFS': ['e2fsprogs', 'xfsprogs', 'lvm2', 'thin-provisioning-tools', 'cryptsetup-bin', 'mdadm', 'dmsetup', 'nfs-common', 'nfs-kernel-server'],
  network: ['iproute2', 'iputils-ping', 'conntrack', 'nftables', 'iptables', 'curl', 'netcat-openbsd'],
  containers: ['lxc', 'uidmap', 'busybox-static'],
  load: ['fio', 'stress-ng', 'rsync', 'zstd', 'xz-utils', 'python3-minimal'],
} as const;

/** Names of packages for Debian's archive of that release, sorted. */
export function packagesOf(_suite: Suite): readonly string[] {
  return Object.values(packages).flat().toSorted();
}
