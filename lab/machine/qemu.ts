import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../cache.ts';
import { debianSettings } from './base.ts';
import { hashOf } from './inputs.ts';
import { mirrorOf } from './mirror.ts';
import { installPartners } from './partners.ts';
import { command } from './shell.ts';
import { buildWhole, removeOlder } from './whole.ts';

/** Older ones emulate AES and carry-less multiplication by a table, several times slower than the processor does it. */
const leastMajor = 10;
const stepVersion = '1';
const name = 'qemu-system-x86_64';

/** How QEMU is started: `program`, then `args`, then the caller's own arguments, with `env` added to the environment. */
export interface QemuCommand {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Such as 10.0.2. */
  readonly version: string;
}

/** The version in what `qemu-system-x86_64 --version` prints: 10.0.2. */
export function versionIn(printed: string): string | undefined {
  return /^QEMU emulator version (\d+(?:\.\d+)*)/m.exec(printed)?.[1];
}

async function versionOf(qemu: Omit<QemuCommand, 'version'>): Promise<string | undefined> {
  const printed = await command(qemu.program, [...qemu.args, '--version'], { env: qemu.env }).catch(() => '');
  return versionIn(printed);
}

function isNewEnough(version: string | undefined): version is string {
  return version !== undefined && Number.parseInt(version, 10) >= leastMajor;
}

/** QEMU out of an unpacked tree of another Debian release: by that tree's own loader, with its libraries, modules and firmware. */
function fromTree(tree: string): Omit<QemuCommand, 'version'> {
  const libraries = join(tree, 'usr/lib/x86_64-linux-gnu');
  const paths = [libraries, join(libraries, 'pulseaudio')].join(':');
  const firmware = ['usr/share/qemu', 'usr/share/seabios', 'usr/lib/ipxe/qemu'].flatMap((path) => ['-L', join(tree, path)]);
  const loader = [join(tree, 'usr/lib64/ld-linux-x86-64.so.2'), join(libraries, 'ld-linux-x86-64.so.2')].find((path) => existsSync(path));
  if (loader === undefined) throw new Error(`${tree} holds no QEMU that can run; remove this folder to have it made again.`);
  return { program: loader, args: ['--library-path', paths, join(tree, 'usr/bin', name), ...firmware], env: { QEMU_MODULE_DIR: join(libraries, 'qemu') } };
}

/** Gives QEMU 10 or newer: the system's own, else Debian 13's from its own folder in the cache, which takes half a minute once. */
export async function ensureQemu(log: (line: string) => void): Promise<QemuCommand> {
  const installed = { program: name, args: [], env: {} };
  const installedVersion = await versionOf(installed);
  if (isNewEnough(installedVersion)) return { ...installed, version: installedVersion };
  const tree = join(cacheFolder(), `qemu-${hashOf([stepVersion, ...debianSettings])}`);
  if (!existsSync(tree)) {
    log(`fetches QEMU ${leastMajor}: this system has ${installedVersion ?? 'none'}, which emulates encryption too slowly`);
    await installPartners(log);
    await unpack(tree);
  }
  const unpacked = fromTree(tree);
  const version = await versionOf(unpacked);
  if (!isNewEnough(version)) throw new Error(`QEMU in ${tree} does not start; remove this folder to have it made again.`);
  return { ...unpacked, version };
}

async function unpack(tree: string): Promise<void> {
  const logFile = join(cacheFolder(), 'logs', 'qemu.log');
  rmSync(logFile, { force: true });
  const mirror = mirrorOf();
  await buildWhole(tree, async (unfinished) => {
    const args = ['--mode=root', '--variant=extract', ...debianSettings];
    await command('mmdebstrap', [...args, '--include=qemu-system-x86,qemu-utils', 'trixie', unfinished, ...(mirror ? [mirror] : [])], { logFile });
  });
  await removeOlder(tree);
}
