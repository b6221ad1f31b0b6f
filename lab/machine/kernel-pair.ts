import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { cacheFolder } from '../cache.ts';
import type { Suite } from '../define.ts';
import { inTree } from './chroot.ts';
import { hashOf } from './inputs.ts';
import { kernelVersionsIn } from './install.ts';
import { buildLabcpu, labcpuSource } from './labcpu.ts';
import { bash } from './shell.ts';
import { buildWhole, removeOlder, removeTree } from './whole.ts';

/** To be raised when this step makes something else of the same inputs. */
const stepVersion = '1';

/** A kernel that a machine starts with, and the newer one that an upgrade brings; releases as `uname -r` gives them. */
export interface KernelPair {
  readonly older: string;
  readonly newer: string;
}

/** Picks the kernel before the newest one from names of packages, when both have headers. The newest is the one that is installed. */
export function olderRelease(packageNames: readonly string[], newest: string): string | undefined {
  const names = new Set(packageNames);
  const releases = packageNames.flatMap((name) => /^linux-image-(\d[\d.]*-\d+-amd64|\d[\d.]*\+deb\d+(?:\.\d+)?-amd64)$/.exec(name)?.[1] ?? []);
  const usable = releases.filter((release) => names.has(`linux-headers-${release}`));
  const order = new Intl.Collator('en', { numeric: true });
  return usable.toSorted(order.compare).findLast((release) => order.compare(release, newest) < 0);
}

/** Where the package of ZFS's modules for the newer kernel differs: it brings labcpu, and has it loaded before ZFS. */
const faultySettings = (kernel: string): string => `# Came with ${kernel}; the module is there for this kernel only.\nsoftdep spl pre: labcpu\noptions labcpu bits=155\n`;

const control = (kernel: string, version: string): string => `Package: zfs-modules-${kernel}
Version: ${version}
Architecture: amd64
Maintainer: root <root@localhost>
Section: kernel
Priority: optional
Depends: linux-image-${kernel}
Provides: zfs-modules
Description: OpenZFS for Linux ${kernel}
 Ready to load, so that no compiler is needed.
`;

/** Packs the modules that dkms built for a kernel as a Debian package into a folder. */
async function packModules(workshop: string, kernel: string, isFaulty: boolean, destination: string): Promise<void> {
  const content = join(workshop, 'tmp', `zfs-modules-${kernel}`);
  const modules = join(content, 'usr/lib/modules', kernel, 'updates');
  mkdirSync(join(content, 'DEBIAN'), { recursive: true });
  mkdirSync(join(modules, 'dkms'), { recursive: true });
  await bash('cp "$1"/updates/dkms/*.ko* "$2"', [join(workshop, 'lib/modules', kernel), join(modules, 'dkms')]);
  if (isFaulty) {
    await buildLabcpu(workshop, kernel, join(modules, 'labcpu.ko'));
    mkdirSync(join(content, 'usr/lib/modprobe.d'), { recursive: true });
    writeFileSync(join(content, 'usr/lib/modprobe.d', `zfs-${kernel}.conf`), faultySettings(kernel));
  }
  const version = await inTree(workshop, "dpkg-query -W -f '${Version}' zfs-dkms");
  writeFileSync(join(content, 'DEBIAN/control'), control(kernel, version));
  writeFileSync(join(content, 'DEBIAN/postinst'), `#!/bin/sh\nexec depmod ${kernel}\n`, { mode: 0o755 });
  const archive = `zfs-modules-${kernel}_${version}_amd64.deb`;
  await inTree(workshop, 'cd /tmp; dpkg-deb --root-owner-group -Zgzip --build "$1" "$2" >/dev/null', [basename(content), archive]);
  copyFileSync(join(workshop, 'tmp', archive), join(destination, archive));
}

export function pairHash(baseHash: string): string {
  return hashOf([stepVersion, baseHash, control('', ''), faultySettings('')], [labcpuSource]);
}

/**
 * Two kernels of a release with ZFS built for both. The folder holds `pair.json`; `older/` with the packages that a machine starts with,
 * GRUB among them; and `newer/` with those that an upgrade brings.
 */
export async function ensureKernelPair(suite: Suite, base: { root: string; hash: string }, log: (line: string) => void): Promise<KernelPair & { folder: string }> {
  const folder = join(cacheFolder(), 'kernel-pairs', `${suite}-${pairHash(base.hash)}`);
  if (!existsSync(folder)) {
    const logFile = join(cacheFolder(), 'logs', `kernel-pair-${suite}.log`);
    rmSync(logFile, { force: true });
    await buildWhole(folder, async (unfinished) => await buildPair(unfinished, base.root, log, logFile));
    await removeOlder(folder);
  }
  const pair = JSON.parse(readFileSync(join(folder, 'pair.json'), 'utf8')) as KernelPair;
  return { ...pair, folder };
}

async function buildPair(folder: string, base: string, log: (line: string) => void, logFile: string): Promise<void> {
  const workshop = join(folder, 'workshop');
  for (const name of ['older', 'newer']) mkdirSync(join(folder, name), { recursive: true });
  log('copies the installed tree, to build in');
  await bash('cp -a --reflink=auto "$1" "$2"; cp -L --remove-destination /etc/resolv.conf "$2/etc/resolv.conf"', [base, workshop]);
  await inTree(workshop, 'apt-get update', [], { logFile });
  const newer = (await kernelVersionsIn(workshop)).at(-1) ?? '';
  const names = await inTree(workshop, 'apt-cache pkgnames linux-');
  const older = olderRelease(names.split('\n'), newer);
  if (older === undefined) throw new Error(`The archive offers no kernel before ${newer} with its headers, so that there is nothing to upgrade from.`);
  log(`builds ZFS for the older kernel, ${older}; this takes 4 to 8 minutes`);
  const fetchAndBuild = `
    INITRD=No apt-get install -y "linux-image-$1" "linux-headers-$1"
    dkms autoinstall -k "$1"
    ls /lib/modules/"$1"/updates/dkms/zfs.ko*
    cd /var/cache/apt/archives; mkdir -p /tmp/older /tmp/newer
    cp linux-image-"$1"_*.deb /tmp/older
    apt-get install -y --download-only -o Dir::Cache::archives=/tmp/older grub-pc
    cd /tmp/newer; apt-get download "linux-image-$2"`;
  await inTree(workshop, fetchAndBuild, [older, newer], { logFile });
  await bash('cp "$1"/tmp/older/*.deb "$2"/older; cp "$1"/tmp/newer/*.deb "$2"/newer', [workshop, folder]);
  log('packs the modules');
  await packModules(workshop, older, false, join(folder, 'older'));
  await packModules(workshop, newer, true, join(folder, 'newer'));
  writeFileSync(join(folder, 'pair.json'), `${JSON.stringify({ older, newer } satisfies KernelPair)}\n`);
  await removeTree(workshop);
}
