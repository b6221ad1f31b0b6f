import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { availableParallelism, freemem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cacheFolder } from '../cache.ts';

/** Gives back what was taken. */
export type Release = () => void;

interface Waiting {
  readonly taken: Promise<ChildProcess | undefined>;
  readonly giveUp: () => void;
}

/** flock(1) holds a lock for as long as its command, which ends with our end of the pipe: also when we are killed. Who waits longest comes first. */
function waitFor(file: string, words: readonly string[] = []): Waiting {
  const child = spawn('flock', [...words, file, 'sh', '-c', 'echo taken; exec cat >/dev/null'], { stdio: ['pipe', 'pipe', 'ignore'] });
  const taken = new Promise<ChildProcess | undefined>((resolve, reject) => {
    child.once('error', reject);
    child.stdout.once('data', () => resolve(child));
    child.once('exit', () => resolve(undefined));
  });
  const giveUp = (): void => {
    child.kill();
    child.stdin.end();
  };
  return { taken, giveUp };
}

/** Waits until nobody else, in this process or another, does the thing of this name. */
export async function takeTurn(name: string): Promise<Release> {
  const folder = join(cacheFolder(), 'slots');
  mkdirSync(folder, { recursive: true });
  const taken = await waitFor(join(folder, name)).taken;
  return () => taken?.stdin?.end();
}

/** How many cores machines may keep busy at once: all, but no more than memory allows at 2 GiB for each. */
export function slotCount(): number {
  return Math.max(2, Math.min(availableParallelism(), Math.floor(freemem() / 2 ** 31)));
}

const giveBack = (taken: readonly ChildProcess[]): void => taken.forEach((child) => child.stdin?.end());

/** Attempts of half a second each, in which a heavy run takes two cores only when both are free; after that it keeps the one that it has. */
const patientAttempts = 1200;

async function takePair(files: readonly string[], taken: ChildProcess[]): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    const isPatient = attempt < patientAttempts;
    const got: ChildProcess[] = [];
    for (const file of files.slice(0, 2)) {
      const one = await waitFor(file, isPatient ? ['-n'] : []).taken;
      if (one) got.push(one);
    }
    if (got.length === 2) return void taken.push(...got);
    giveBack(got);
    await sleep(500);
  }
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
  const release = (): void => giveBack(taken);
  const takeAny = async (candidates: readonly string[]): Promise<void> => {
    const all = candidates.map((file) => waitFor(file));
    const first = await Promise.race(all.map(async (one) => ({ one, got: await one.taken })));
    for (const one of all) if (one !== first.one) one.giveUp();
    if (!first.got) throw new Error('flock(1) could not take a lock.');
    taken.push(first.got);
  };
  if (weight === 'light') await takeAny(files.toReversed());
  else await takePair(files, taken);
  return release;
}
