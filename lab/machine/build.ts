import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../cache.ts';
import type { Suite } from '../define.ts';
import { baseHash, ensureBase } from './base.ts';
import { buildImage, ensureKey, imageHash, type Versions } from './image.ts';
import { installPartners } from './partners.ts';
import { removeTree } from './whole.ts';

/** A quick machine in the cache, ready to boot: QEMU starts `kernel` with `initrd`, and `rootImage` (raw) is its first virtio disk. */
export interface Machine {
  readonly suite: Suite;
  readonly rootImage: string;
  readonly kernel: string;
  readonly initrd: string;
  /** Private key of the machine's root account. */
  readonly keyFile: string;
  /** Changes with everything that the machine is made of. */
  readonly hash: string;
  readonly versions: Versions;
}

/** Puts the seconds since now before each line. */
export function timed(suite: Suite, log: (line: string) => void): (line: string) => void {
  const startedAt = performance.now();
  return (line) => log(`[${((performance.now() - startedAt) / 1000).toFixed(0)} s] ${suite}: ${line}`);
}

/** Whether a machine was built whole, and for the key that opens machines now. */
export function isBuilt(folder: string): boolean {
  const [present, builtFor] = [join(cacheFolder(), 'id.pub'), join(folder, 'id.pub')];
  return existsSync(present) && existsSync(builtFor) && readFileSync(present, 'utf8') === readFileSync(builtFor, 'utf8');
}

/**
 * While a file named `keep` lies in the cache folder, the newest machine of a suite is taken as it is, though its inputs have changed: for working on
 * the machine's files while scenarios run.
 */
function keptHash(suite: Suite): string | undefined {
  if (!existsSync(join(cacheFolder(), 'keep'))) return undefined;
  const folder = join(cacheFolder(), 'machines');
  const complete = readdirSync(folder).filter((name) => name.startsWith(`${suite}-`) && /-[0-9a-f]{12}$/.test(name));
  const newest = complete.toSorted((a, b) => statSync(join(folder, b)).mtimeMs - statSync(join(folder, a)).mtimeMs)[0];
  return newest?.slice(-12);
}

/** Gives the machine of a release, from the cache where its inputs are unchanged; else builds it, which takes root and some minutes. */
export async function ensureMachine(suite: Suite, log: (line: string) => void): Promise<Machine> {
  const hash = keptHash(suite) ?? imageHash(baseHash(suite));
  const folder = join(cacheFolder(), 'machines', `${suite}-${hash}`);
  if (!isBuilt(folder)) {
    const say = timed(suite, log);
    await removeTree(folder);
    await installPartners(say);
    const base = await ensureBase(suite, say);
    await buildImage(folder, suite, base.root, say);
    say(`is ready in ${folder}`);
  }
  const files = { rootImage: join(folder, 'root.raw'), kernel: join(folder, 'vmlinux'), initrd: join(folder, 'initrd') };
  const versions = JSON.parse(readFileSync(join(folder, 'versions.json'), 'utf8')) as Versions;
  return { suite, ...files, keyFile: await ensureKey(), hash, versions };
}
