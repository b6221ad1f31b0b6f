import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { command } from './shell.ts';

/** What building and running machines needs: a program or a file, and the Debian package that brings it. */
const partners: readonly (readonly [needed: string, debianPackage: string])[] = [
  ['mmdebstrap', 'mmdebstrap'],
  ['/usr/share/keyrings/debian-archive-keyring.gpg', 'debian-archive-keyring'],
  ['qemu-system-x86_64', 'qemu-system-x86'],
  ['qemu-img', 'qemu-utils'],
  ['mke2fs', 'e2fsprogs'],
  ['sfdisk', 'fdisk'],
  ['ssh', 'openssh-client'],
  ['zstd', 'zstd'],
  ['xz', 'xz-utils'],
  ['tar', 'tar'],
];

/** Folders with programs that are not in everyone's PATH. */
const systemFolders = ['/usr/sbin', '/sbin'];

function isThere(needed: string): boolean {
  if (needed.startsWith('/')) return existsSync(needed);
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...systemFolders];
  return folders.some((folder) => existsSync(join(folder, needed)));
}

/** The Debian packages that are missing here. */
export function missingPartners(): string[] {
  return partners.filter(([needed]) => !isThere(needed)).map(([, name]) => name);
}

/**
 * Installs what is missing, as root on a system with apt; elsewhere, the error says what to install. Services that packages bring are
 * not started. Building a machine takes root even where nothing is missing: it makes a tree whose files belong to many users.
 */
export async function installPartners(log: (line: string) => void): Promise<void> {
  const missing = missingPartners();
  const isRoot = process.getuid?.() === 0;
  if (process.platform !== 'linux' || process.arch !== 'x64') throw new Error('The lab builds its machines on Linux on x86-64 only.');
  if (missing.length > 0 && !(isRoot && isThere('apt-get'))) {
    throw new Error(`The lab needs programs that are missing here. Install these (names of Debian's packages): ${missing.join(' ')}.`);
  }
  if (!isRoot) throw new Error('Building a machine needs root: run it with sudo, once. The machines that are built then run without.');
  if (missing.length === 0) return;
  log(`installs ${missing.join(' ')}`);
  const policy = '/usr/sbin/policy-rc.d';
  const isOurs = !existsSync(policy);
  if (isOurs) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    await command('apt-get', ['update', '-qq']);
    await command('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing]);
  } finally {
    if (isOurs) rmSync(policy, { force: true });
  }
}
