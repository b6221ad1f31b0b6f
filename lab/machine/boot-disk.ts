import { appendFileSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inTree } from './chroot.ts';
import { bash } from './shell.ts';

const diskMib = 6144;
/** Sectors before the partition: room for GRUB. */
const firstSector = 2048;
/** Ext4's usual features, without those that newer tools take by default and GRUB 2.06 cannot read. */
const features = 'has_journal,ext_attr,resize_inode,dir_index,filetype,extent,64bit,flex_bg,sparse_super,large_file,huge_file,dir_nlink,extra_isize,metadata_csum';
/** Watchdogs and mitigations are left as the kernel has them. */
const commandLine = 'console=ttyS0 quiet psi=1 net.ifnames=0 panic=10';

const defaults = `GRUB_DEFAULT=saved
GRUB_TIMEOUT=0
GRUB_RECORDFAIL_TIMEOUT=0
GRUB_DISTRIBUTOR=Debian
GRUB_CMDLINE_LINUX_DEFAULT=""
GRUB_CMDLINE_LINUX="${commandLine}"
GRUB_TERMINAL=console
GRUB_DISABLE_LINUX_UUID=true
GRUB_DISABLE_OS_PROBER=true
GRUB_DISABLE_RECOVERY=true
GRUB_DISABLE_SUBMENU=y
`;

/** Boots the one kernel that there is; `update-grub`, which each new kernel runs, writes the real one over it. */
const firstMenu = (kernel: string): string => `set timeout=0
menuentry 'Debian GNU/Linux, with Linux ${kernel}' {
  insmod part_msdos
  insmod ext2
  set root='hd0,msdos1'
  linux /boot/vmlinuz-${kernel} root=/dev/vda1 ro ${commandLine}
  initrd /boot/initrd.img-${kernel}
}
`;

/** Hooks of initramfs-tools that would put in what a root filesystem on a plain partition does not need. */
const needlessHooks = ['dmsetup', 'keymap', 'lvm2', 'mdadm', 'thermal', 'thin-provisioning-tools', 'xfs'];

export const bootDiskInputs: readonly string[] = [String(diskMib), defaults, firstMenu(''), ...needlessHooks];

/** Gives a tree with grub-pc in it what it takes to boot a kernel of its own: settings, an initial ramdisk, and GRUB's files. */
export async function makeBootable(tree: string, kernel: string): Promise<void> {
  writeFileSync(join(tree, 'etc/fstab'), '/dev/vda1 / ext4 rw,noatime,errors=remount-ro 0 1\n');
  writeFileSync(join(tree, 'etc/default/grub'), defaults);
  appendFileSync(join(tree, 'etc/initramfs-tools/modules'), 'virtio_pci\nvirtio_blk\next4\n');
  await bash('sed -i "s/^MODULES=.*/MODULES=list/" "$1"/etc/initramfs-tools/initramfs.conf; echo COMPRESSLEVEL=1 >> "$1"/etc/initramfs-tools/initramfs.conf', [tree]);
  await bash('cd "$1"/usr/share/initramfs-tools/hooks; shift; chmod -f a-x "$@" || true', [tree, ...needlessHooks]);
  await inTree(tree, 'update-initramfs -c -k "$1"', [kernel]);
  const folder = join(tree, 'boot/grub');
  mkdirSync(folder, { recursive: true });
  cpSync(join(tree, 'usr/lib/grub/i386-pc'), join(folder, 'i386-pc'), { recursive: true, filter: (path) => !/\.(image|module|exec)$/.test(path) });
  writeFileSync(join(folder, 'grub.cfg'), firstMenu(kernel));
  const core = "grub-mkimage -O i386-pc -o /boot/grub/i386-pc/core.img -p '(hd0,msdos1)/boot/grub' biosdisk part_msdos ext2";
  await inTree(tree, `grub-editenv /boot/grub/grubenv create; ${core}`);
}

/**
 * Writes a disk with one ext4 partition and GRUB for a BIOS. The first stage's own copy of boot.img looks for the second stage in the
 * sector behind it, which is where it is put.
 */
export async function writeBootDisk(tree: string, file: string): Promise<void> {
  const script = `
    tree=$1 raw=$2.raw; truncate -s ${diskMib}M "$raw"
    printf 'label: dos\\nstart=${firstSector}, type=83, bootable\\n' | sfdisk -q "$raw"
    mke2fs -q -F -t ext4 -O none,${features} -L root -E offset=$(( ${firstSector} * 512 )) -d "$tree" "$raw" ${(diskMib - 1) * 1024}k
    dd if="$tree"/boot/grub/i386-pc/boot.img of="$raw" bs=440 count=1 conv=notrunc status=none
    dd if="$tree"/boot/grub/i386-pc/core.img of="$raw" bs=512 seek=1 conv=notrunc status=none
    qemu-img convert -f raw -O qcow2 "$raw" "$2"; rm "$raw"`;
  await bash(script, [tree, file]);
}
