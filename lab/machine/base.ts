import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../cache.ts';
import type { Suite } from '../define.ts';
import { hashOf } from './inputs.ts';
import { mirrorOf } from './mirror.ts';
import { packagesOf } from './packages.ts';
import { bash, command } from './shell.ts';
import { buildWhole, removeOlder } from './whole.ts';

/** To be raised when this step makes something else of the same packages. */
const stepVersion = '1';

const unusedPaths = ['/usr/share/doc/*', '/usr/share/man/*', '/usr/share/locale/*', '/usr/share/info/*'];

/** What apt and dpkg are told while the tree is made. A mirror may be older than its own statement says. */
export const debianSettings: readonly string[] = [
  '--aptopt=APT::Install-Recommends "false"',
  '--aptopt=Acquire::Check-Valid-Until "false"',
  '--dpkgopt=force-unsafe-io',
  ...unusedPaths.map((path) => `--dpkgopt=path-exclude=${path}`),
];

export function baseHash(suite: Suite): string {
  return hashOf([stepVersion, suite, ...packagesOf(suite), ...debianSettings]);
}

/** Keeps apt's downloads in the cache, and starts from those of the last time. Hooks get the tree's path as `$1`. */
export function keptDownloads(suite: Suite): string[] {
  const folder = join(cacheFolder(), 'downloads', suite);
  mkdirSync(folder, { recursive: true });
  const archives = '"$1"/var/cache/apt/archives/';
  return [
    '--skip=essential/unlink,download/empty,cleanup/reproducible',
    `--setup-hook=mkdir -p ${archives}; cp '${folder}'/*.deb ${archives} 2>/dev/null || true`,
    `--customize-hook=cp -n ${archives}*.deb '${folder}'/`,
  ];
}

/**
 * The tree of an installed Debian with ZFS's modules built by dkms, compiler and all, in the cache. Made once for a release and a list
 * of packages; whoever needs something else of it copies it.
 */
export async function ensureBase(suite: Suite, log: (line: string) => void): Promise<{ readonly root: string; readonly hash: string }> {
  const hash = baseHash(suite);
  const root = join(cacheFolder(), 'bases', `${suite}-${hash}`);
  if (existsSync(root)) return { root, hash };
  const logFile = join(cacheFolder(), 'logs', `base-${suite}.log`);
  rmSync(logFile, { force: true });
  log(`installs Debian ${suite} and builds ZFS for its kernel; this takes 6 to 10 minutes`);
  const mirror = mirrorOf();
  await buildWhole(root, async (unfinished) => {
    const args = ['--mode=root', '--variant=minbase', '--components=main,contrib', ...debianSettings, ...keptDownloads(suite)];
    await command('mmdebstrap', [...args, `--include=${packagesOf(suite).join(',')}`, suite, unfinished, ...(mirror ? [mirror] : [])], { logFile });
    await bash('test -n "$(find "$1"/lib/modules/ -name "zfs.ko*" -print -quit)"', [unfinished]).catch(() => {
      throw new Error(`dkms built no ZFS for the kernel of ${suite}; ${logFile} says why. Most often the kernel is newer than that ZFS knows.`);
    });
  });
  await removeOlder(root);
  return { root, hash };
}
