import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { cacheFolder } from '../cache.ts';
import { contextOf } from '../commands/context.ts';
import type { Suite } from '../define.ts';
import { takeSlots } from '../run/slots.ts';
import { completeSpec, startMachine } from '../run/states.ts';
import { makeGuestPool, mirror, startGuests } from '../scenarios/cpu/guest-pool.ts';
import { LabHost } from '../vm/host.ts';

const root = join(import.meta.dirname, '..', '..');
export const product = join(root, 'src', 'cli', 'main.ts');

export interface ListedExperiment {
  readonly id: string;
  readonly costSeconds: number;
  /** Each way it can end, with its usual share on hosts where nothing is wrong. */
  readonly outcomes: Readonly<Record<string, number>>;
}

/** By the product's own list. */
export function listExperiments(): ListedExperiment[] {
  const text = execFileSync(process.execPath, [product, 'catalog', '--json'], { encoding: 'utf8', maxBuffer: 2 ** 26 });
  return (JSON.parse(text) as { experiments: ListedExperiment[] }).experiments;
}

/** Boots healthy machines, one after the other, as long as `work` asks for a new one: an encrypted and mirrored pool, and guests that write a little to it. All cores are theirs. */
export async function onHealthyMachines(suite: Suite, log: (line: string) => void, work: (host: LabHost, keyFile: string) => Promise<'done' | 'a new machine'>): Promise<void> {
  const { prepared, running } = await contextOf(suite, 'quick', log);
  const release = await takeSlots('heavy');
  try {
    for (let wish = 'a new machine'; wish !== 'done'; ) {
      const machine = await startMachine(prepared, completeSpec({}), join(cacheFolder(), 'run', `trials-${process.pid}`), log);
      running.add(machine);
      try {
        const host = new LabHost(suite, machine);
        await host.run('modprobe zfs');
        await makeGuestPool(host, { layout: mirror, cipher: 'aes-256-gcm' });
        await startGuests(host, { share: 0.1, thinkSeconds: 5 });
        wish = await work(host, prepared.image.keyFile);
      } finally {
        await machine.stop();
        running.delete(machine);
      }
    }
  } finally {
    release();
  }
}
