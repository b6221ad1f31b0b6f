import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../cache.ts';
import type { Suite } from '../define.ts';
import { baseHash, ensureBase } from './base.ts';
import { bootDiskInputs, makeBootable, writeBootDisk } from './boot-disk.ts';
import { isBuilt, timed } from './build.ts';
import { inTree } from './chroot.ts';
import { withoutPackages } from './history.ts';
import { ensureKey, versionsIn, type Versions } from './image.ts';
import { hashOf } from './inputs.ts';
import { copyTree, install, installedAt, installInputs, overlays } from './install.ts';
import { ensureKernelPair, pairHash, type KernelPair } from './kernel-pair.ts';
import { installPartners } from './partners.ts';
import { repositoryInputs, slimKernel, writeIndex } from './repository.ts';
import { bash } from './shell.ts';
import { buildWhole, removeOlder, removeTree } from './whole.ts';

/** To be raised when this step makes something else of the same inputs. */
const stepVersion = '1';

/** A machine that boots by GRUB from its own disk (qcow2), on the older of two kernels. `versions` tells both. */
export interface UpgradeMachine {
  readonly suite: Suite;
  readonly rootImage: string;
  readonly rootFormat: 'qcow2';
  readonly keyFile: string;
  readonly hash: string;
  readonly versions: Versions;
}

/** Packages that only building needs; what came with them goes too. */
const unwanted = ['zfs-dkms', 'linux-headers-amd64', 'linux-image-amd64'];

/** Where the newer kernel and its modules wait, for apt. */
const repository = '/srv/repo';

/** Puts the older kernel, its modules and GRUB in the place of the newest kernel and of all that builds. Leaves no trace in the logs. */
async function exchangeKernels(tree: string, { folder, older, newer }: KernelPair & { folder: string }, logFile: string): Promise<void> {
  const before = await installedNames(tree);
  await bash('cp -r "$2"/older "$1"/tmp/older', [tree, folder]);
  await slimKernel(tree, '/tmp/older', older);
  const script = `
    printf 'grub-pc grub-pc/install_devices_empty boolean true\\n' | debconf-set-selections
    export INITRD=No; quietly='-y -o Dir::Log=/tmp -o DPkg::Options::=--log=/dev/null'
    apt-get install $quietly /tmp/older/*.deb
    apt-get purge $quietly "linux-image-$1" ${unwanted.join(' ')}
    apt-get autoremove $quietly --purge -o APT::AutoRemove::RecommendsImportant=false
    rm -rf /tmp/older /tmp/*.log /tmp/eipp.log.xz /lib/modules/"$1" /var/lib/dkms /usr/src/* /boot/*-"$1" /vmlinuz* /initrd.img*`;
  await inTree(tree, script, [newer], { logFile });
  const after = await installedNames(tree);
  const removed = new Set([...before.keys()].filter((name) => !after.has(name)));
  const renamed = [
    [`linux-image-${newer}`, `linux-image-${older}`],
    [before.get(`linux-image-${newer}`) ?? '', after.get(`linux-image-${older}`) ?? ''],
    ['zfs-dkms:all', `zfs-modules-${older}:amd64`],
    ['zfs-dkms', `zfs-modules-${older}`],
  ] as const;
  for (const name of ['dpkg.log', 'apt/history.log', 'apt/term.log', 'alternatives.log']) {
    const file = join(tree, 'var/log', name);
    const text = renamed.reduce((text, [from, to]) => text.replaceAll(from, to), readFileSync(file, 'utf8'));
    writeFileSync(file, withoutPackages(text, removed));
  }
}

async function installedNames(tree: string): Promise<Map<string, string>> {
  const printed = await inTree(tree, "dpkg-query -W -f '${Package} ${Version}\\n'");
  return new Map(printed.trimEnd().split('\n').map((line) => line.split(' ') as [string, string]));
}

/** The machine's only source of packages. Reading the list of packages now spares the machine to do so. */
async function addRepository(tree: string, { folder, newer }: KernelPair & { folder: string }): Promise<void> {
  await bash('mkdir -p "$1/srv"; rm -rf "$1$3"; cp -r "$2/newer" "$1$3"', [tree, folder, repository]);
  await slimKernel(tree, repository, newer);
  await writeIndex(tree, repository);
  writeFileSync(join(tree, 'etc/apt/sources.list'), `deb [trusted=yes] file:${repository} ./\n`);
  await inTree(tree, 'apt-get update -qq');
}

/** What was made now is as old as the rest. */
async function age(tree: string): Promise<void> {
  const time = `@${installedAt()}`;
  await bash('find "$1" -xdev -newermt "$2" -print0 | xargs -0 -r touch -h -d "$2"; touch "$1"/etc/.updated "$1"/var/.updated', [tree, time]);
}

/** Gives the machine that can be upgraded, from the cache where its inputs are unchanged; else builds it, which takes root and 10 minutes more than the quick one. */
export async function ensureUpgradeMachine(suite: Suite, log: (line: string) => void): Promise<UpgradeMachine> {
  const base = baseHash(suite);
  const hash = hashOf([stepVersion, base, pairHash(base), ...bootDiskInputs, ...repositoryInputs, ...installInputs], overlays);
  const folder = join(cacheFolder(), 'machines', `upgrade-${suite}-${hash}`);
  if (!isBuilt(folder)) {
    const say = timed(suite, log);
    await installPartners(say);
    await removeTree(folder);
    await build(folder, suite, say);
    say(`is ready in ${folder}`);
  }
  const versions = JSON.parse(readFileSync(join(folder, 'versions.json'), 'utf8')) as Versions;
  return { suite, rootImage: join(folder, 'root.qcow2'), rootFormat: 'qcow2', keyFile: await ensureKey(), hash, versions };
}

async function build(folder: string, suite: Suite, log: (line: string) => void): Promise<void> {
  const keyFile = await ensureKey();
  const base = await ensureBase(suite, log);
  const pair = await ensureKernelPair(suite, base, log);
  const logFile = join(cacheFolder(), 'logs', `upgrade-${suite}.log`);
  await buildWhole(folder, async (unfinished) => {
    mkdirSync(unfinished);
    const tree = join(unfinished, 'tree');
    log('copies the installed tree');
    await copyTree(base.root, tree);
    log(`puts in ${pair.older} for ${pair.newer}, and GRUB`);
    const versions = { suite, ...(await versionsIn(tree, pair.older)), newerKernel: pair.newer };
    await exchangeKernels(tree, pair, logFile);
    await install(tree, base.root, [], `${keyFile}.pub`);
    await makeBootable(tree, pair.older);
    await addRepository(tree, pair);
    await age(tree);
    writeFileSync(join(unfinished, 'versions.json'), `${JSON.stringify(versions, undefined, 2)}\n`);
    copyFileSync(`${keyFile}.pub`, join(unfinished, 'id.pub'));
    log('writes the disk');
    await writeBootDisk(tree, join(unfinished, 'root.qcow2'));
    await removeTree(tree);
  });
  await removeOlder(folder);
}
