import { inTree } from './chroot.ts';

/** Drivers of hardware that QEMU has not, below a kernel's folder of modules: nine tenths of what unpacking and depmod would take. */
const unusedDrivers = [
  ...['accel', 'bluetooth', 'comedi', 'gpu', 'hid', 'iio', 'infiniband', 'input', 'isdn', 'media', 'mmc', 'mtd', 'platform', 'staging', 'usb', 'video'].map((name) => `drivers/${name}`),
  ...['arcnet', 'can', 'ethernet', 'fddi', 'hamradio', 'ieee802154', 'phy', 'usb', 'wireless', 'wwan'].map((name) => `drivers/net/${name}`),
  ...['bluetooth', 'mac80211', 'wireless'].map((name) => `net/${name}`),
  'sound',
];

export const repositoryInputs: readonly string[] = unusedDrivers;

/**
 * Packs Debian's kernel package in a folder of the tree anew: without drivers that are of no use, and not compressed. Name, version,
 * scripts and what is left are Debian's. An upgrade under emulation takes a few minutes less.
 */
export async function slimKernel(tree: string, folder: string, kernel: string): Promise<void> {
  const script = `
    cd "$1"; release=$2; shift 2
    deb=$(echo linux-image-"$release"_*.deb); mkdir unpacked; dpkg-deb -R "$deb" unpacked
    for path; do rm -rf unpacked/lib/modules/"$release"/kernel/"$path" unpacked/usr/lib/modules/"$release"/kernel/"$path"; done
    (cd unpacked; find . -path ./DEBIAN -prune -o -type f -printf '%P\\0' | xargs -0 md5sum > DEBIAN/md5sums)
    rm "$deb"; dpkg-deb --root-owner-group -Znone --build unpacked "$deb" >/dev/null; rm -rf unpacked`;
  await inTree(tree, script, [folder, kernel, ...unusedDrivers]);
}

/** Writes apt's list of the packages in a folder of the tree, which makes it a repository of the simple kind (`./`). */
export async function writeIndex(tree: string, folder: string): Promise<void> {
  const script = `
    cd "$1"; rm -f Packages
    for deb in *.deb; do
      dpkg-deb -f "$deb"
      printf 'Filename: ./%s\\nSize: %s\\nSHA256: %s\\n\\n' "$deb" "$(stat -c %s "$deb")" "$(sha256sum "$deb" | cut -d ' ' -f 1)"
    done > Packages`;
  await inTree(tree, script, [folder]);
}
