import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../cache.ts';
import type { Suite } from '../define.ts';
import { writeInitrd } from './initrd.ts';
import { hashOf } from './inputs.ts';
import { copyTree, install, installInputs, kernelVersionsIn, overlays } from './install.ts';
import { labcpuSource } from './labcpu.ts';
import { bash, command } from './shell.ts';
import { vmlinuxOf } from './vmlinux.ts';
import { buildWhole, removeOlder, removeTree } from './whole.ts';

/** To be raised when this step makes something else of the same inputs. */
const stepVersion = '1';
const diskSize = '4G';

/** What is in a machine, for the reader: `kernel` is as `uname -r` gives it, the others are Debian's versions of packages. */
export type Versions = Readonly<Record<string, string>>;
const packagesOfInterest = ['zfs-dkms', 'systemd', 'openssh-server', 'smartmontools', 'nvme-cli', 'sysstat', 'lxc', 'prometheus-node-exporter'];

/** Makes the key that opens the machines' root account over ssh, once for the cache, and gives the private key's path. */
export async function ensureKey(): Promise<string> {
  const keyFile = join(cacheFolder(), 'id');
  if (existsSync(keyFile)) return keyFile;
  mkdirSync(cacheFolder(), { recursive: true });
  await command('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'culprit-lab', '-f', keyFile]);
  return keyFile;
}

export async function versionsIn(tree: string, kernel: string): Promise<Versions> {
  const printed = await command('chroot', [tree, 'dpkg-query', '-W', '-f', '${Package} ${Version}\\n', ...packagesOfInterest]);
  const pairs = printed.trimEnd().split('\n').map((line) => line.split(' '));
  return { kernel, ...Object.fromEntries(pairs.map(([name = '', version = '']) => [name === 'zfs-dkms' ? 'zfs' : name, version])) };
}

export function imageHash(base: string): string {
  return hashOf([stepVersion, diskSize, base, ...installInputs], [...overlays, labcpuSource]);
}

/** Writes an ext4 filesystem with the content of a tree. It has no journal: the lab's disks are thrown away after each run. */
async function writeFilesystem(tree: string, file: string): Promise<void> {
  const features = '^has_journal,^metadata_csum';
  await bash('truncate -s "$3" "$2"; mke2fs -q -F -t ext4 -O "$4" -m 0 -L root -d "$1" "$2"', [tree, file, diskSize, features]);
}

/**
 * Makes the folder of a quick machine from an installed tree: root.raw, vmlinux, initrd and versions.json. Says what it does now.
 */
export async function buildImage(folder: string, suite: Suite, base: string, log: (line: string) => void): Promise<void> {
  const keyFile = await ensureKey();
  await buildWhole(folder, async (unfinished) => {
    mkdirSync(unfinished);
    const tree = join(unfinished, 'tree');
    const [kernel, ...others] = (await kernelVersionsIn(base)).toReversed();
    if (kernel === undefined || others.length > 0) throw new Error(`${base} should hold one kernel; remove this folder to have it made again.`);
    log('copies the installed tree');
    await copyTree(base, tree);
    log('sets the machine up and builds its module');
    await install(tree, base, [kernel], `${keyFile}.pub`);
    await writeInitrd(tree, kernel, join(unfinished, 'initrd'));
    writeFileSync(join(unfinished, 'vmlinux'), await vmlinuxOf(readFileSync(join(base, 'boot', `vmlinuz-${kernel}`))));
    writeFileSync(join(unfinished, 'versions.json'), `${JSON.stringify({ suite, ...(await versionsIn(tree, kernel)) }, undefined, 2)}\n`);
    copyFileSync(`${keyFile}.pub`, join(unfinished, 'id.pub'));
    log('writes the disk');
    await writeFilesystem(tree, join(unfinished, 'root.raw'));
    await removeTree(tree);
  });
  await removeOlder(folder);
}
