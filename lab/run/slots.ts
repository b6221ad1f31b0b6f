import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { availableParallelism, freemem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cacheFolder } from '../cache.ts';

/** Gives back what was taken. */
export type Release = () => void;

/** flock(1) holds a lock for as long as its command, which ends with our end of the pipe: also when we are killed. */
function lock(file: string, wait: boolean): Promise<ChildProcess | undefined> {
  return new Promise((resolve, reject) => {
    const child = spawn('flock', [...(wait ? [] : ['-n']), file, 'sh', '-c', 'echo taken; exec cat >/dev/null'], { stdio: ['pipe', 'pipe', 'ignore'] });
    child.once('error', reject);
    child.stdout.once('data', () => resolve(child));
    child.once('exit', () => resolve(undefined));
  });
}

/** Waits until nobody else, in this process or another, does the thing of this name. */
export async function takeTurn(name: string): Promise<Release> {
  const folder = join(cacheFolder(), 'slots');
  mkdirSync(folder, { recursive: true });
  const taken = await lock(join(folder, name), true);
  return () => taken?.stdin?.end();
}

/** How many cores machines may keep busy at once: all, but no more than memory allows at 2 GiB for each. */
export function slotCount(): number {
  return Math.max(2, Math.min(availableParallelism(), Math.floor(freemem() / 2 ** 31)));
}

/**
 * Waits for cores to be free of other runs, also of other processes: one for a light scenario, two for a heavy one. Timing is
 * evidence, so two machines never share a core that one of them needs.
 */
export async function takeSlots(weight: 'light' | 'heavy'): Promise<Release> {
  const folder = join(cacheFolder(), 'slots');
  mkdirSync(folder, { recursive: true });
  const files = Array.from({ length: slotCount() }, (_, index) => join(folder, String(index)));
  const taken: ChildProcess[] = [];
  const release = (): void => taken.forEach((child) => child.stdin?.end());
  const takeAny = async (candidates: readonly string[]): Promise<void> => {
    for (;;) {
      for (const file of candidates) {
        const got = await lock(file, false);
        if (got) return void taken.push(got);
      }
      await sleep(500);
    }
  };
  const takeThis = async (file: string): Promise<void> => {
    const got = await lock(file, true);
    if (!got) throw new Error('flock(1) could not take a lock.');
    taken.push(got);
  };
  // Pairs have a fixed order, and light ones come from the other end, so that nothing waits in a circle.
  if (weight === 'light') await takeAny(files.toReversed());
  else {
    const pair = (process.pid % Math.floor(files.length / 2)) * 2;
    await takeThis(files[pair]!);
    await takeThis(files[pair + 1]!);
  }
  return release;
}
