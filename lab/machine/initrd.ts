import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { bash, command, commandBytes } from './shell.ts';

/** What it takes to find and mount an ext4 filesystem on a virtio disk. */
const modules = ['virtio_pci', 'virtio_blk', 'ext4'];

/** A module that the processor has no use for refuses to load; its generic twin does the work then. */
const init = `#!/bin/busybox sh
b=/bin/busybox
$b mount -t devtmpfs dev /dev
for module in /modules/*; do $b insmod $module 2>/dev/null; done
until [ -b /dev/vda ]; do $b usleep 20000; done
$b mount -t ext4 -o rw,noatime /dev/vda /root || exec $b sh
$b mount --move /dev /root/dev
exec $b switch_root /root /sbin/init "$@"
`;

/** Paths of modules in the order of loading, from what `modprobe --show-depends` printed for each. */
export function loadingOrder(printed: readonly string[]): string[] {
  const lines = printed.flatMap((text) => text.split('\n'));
  const paths = lines.flatMap((line) => /^insmod (\S+)/.exec(line)?.[1] ?? []);
  return [...new Set(paths)];
}

async function unpacked(file: string): Promise<Buffer> {
  if (file.endsWith('.xz')) return await commandBytes('xz', ['-dc', file]);
  const content = readFileSync(file);
  return file.endsWith('.zst') ? zstdDecompressSync(content) : content;
}

/**
 * Writes an initial ramdisk that does no more than mount /dev/vda and go on there. It is not compressed: under emulation, reading it is
 * quicker than unpacking it. Needs kmod, cpio and busybox-static in the tree.
 */
export async function writeInitrd(tree: string, kernelVersion: string, destination: string): Promise<void> {
  const folder = mkdtempSync(join(tree, 'tmp', 'initrd-'));
  try {
    for (const name of ['bin', 'dev', 'root', 'modules']) mkdirSync(join(folder, name));
    copyFileSync(join(tree, 'bin', 'busybox'), join(folder, 'bin', 'busybox'));
    writeFileSync(join(folder, 'init'), init);
    chmodSync(join(folder, 'init'), 0o755);
    const printed: string[] = [];
    for (const name of modules) printed.push(await command('chroot', [tree, 'modprobe', '-S', kernelVersion, '--show-depends', name]));
    for (const [index, path] of loadingOrder(printed).entries()) {
      const name = `${String(index).padStart(2, '0')}-${basename(path).replace(/\.(xz|zst)$/, '')}`;
      writeFileSync(join(folder, 'modules', name), await unpacked(join(tree, path)));
    }
    await bash('chroot "$1" sh -c "cd /tmp/$2 && find . | cpio --quiet -o -H newc" > "$3"', [tree, basename(folder), destination]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
