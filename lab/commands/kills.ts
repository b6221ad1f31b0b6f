import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../cache.ts';
import type { Suite } from '../define.ts';
import { kill, type Kill, type KillResult } from '../kills/kill.ts';
import { scheduleKills } from '../kills/schedule.ts';
import { startGuests, makeGuestPool, mirror } from '../scenarios/cpu/guest-pool.ts';
import { takeSlots } from '../run/slots.ts';
import { completeSpec, startMachine } from '../run/states.ts';
import { LabHost } from '../vm/host.ts';
import { contextOf, endMachinesOnSignals } from './context.ts';

const root = join(import.meta.dirname, '..', '..');
/** A host must be as it was within so many seconds. */
const limitSeconds = 60;

interface ListedExperiment {
  readonly id: string;
  readonly costSeconds: number;
}

/** By the product's own list. On an emulated machine everything takes some times as long. */
function experiments(): { id: string; lastSeconds: number }[] {
  const text = execFileSync(process.execPath, [join(root, 'src', 'cli', 'main.ts'), 'catalog', '--json'], { encoding: 'utf8', maxBuffer: 2 ** 26 });
  return (JSON.parse(text) as { experiments: ListedExperiment[] }).experiments.map(({ id, costSeconds }) => ({ id, lastSeconds: costSeconds * 1.5 }));
}

function earlier(file: string): KillResult[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8').split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as KillResult);
}

function lineOf({ experiment, victim, afterSeconds, outcome, seconds, left }: KillResult): string {
  return `${experiment}, ${victim} killed after ${afterSeconds} s: ${outcome} (${seconds} s)${left.map((line) => `\n    ${line}`).join('')}`;
}

/** What is left would spoil what comes next. */
async function killUntilSomethingIsLeft(host: LabHost, keyFile: string, kills: Kill[], tell: (result: KillResult) => void): Promise<void> {
  for (let next = kills.shift(); next !== undefined; next = kills.shift()) {
    const result = await kill(host, keyFile, next, limitSeconds);
    tell(result);
    if (result.outcome === 'something is left' || result.outcome === 'it did not begin') return;
  }
}

/** Kills experiments at random moments on one machine, going on where an earlier run stopped. Gives all results for this seed. */
export async function runKills(suite: Suite, count: number, seed: number): Promise<KillResult[]> {
  endMachinesOnSignals();
  const folder = join(cacheFolder(), 'kills');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${suite}-${seed}.jsonl`);
  const results = earlier(file);
  const kills = scheduleKills(experiments(), count, seed).slice(results.length);
  if (kills.length === 0) return results;
  const { prepared, running } = await contextOf(suite, 'quick', console.log);
  const release = await takeSlots('heavy');
  try {
    while (kills.length > 0) {
      const machine = await startMachine(prepared, completeSpec({}), join(cacheFolder(), 'run', `kills-${process.pid}`), console.log);
      running.add(machine);
      try {
        const host = new LabHost(suite, machine);
        await host.run('modprobe zfs');
        await makeGuestPool(host, { layout: mirror, cipher: 'aes-256-gcm' });
        await startGuests(host, { share: 0.1, thinkSeconds: 5 });
        await killUntilSomethingIsLeft(host, prepared.image.keyFile, kills, (result) => {
          results.push(result);
          appendFileSync(file, `${JSON.stringify(result)}\n`);
          console.log(`[${results.length}/${count}] ${lineOf(result)}`);
        });
      } finally {
        await machine.stop();
        running.delete(machine);
      }
    }
  } finally {
    release();
  }
  return results;
}

/** In one line for each outcome. */
export function killSummary(results: readonly KillResult[]): string {
  const counts = new Map<string, number>();
  for (const { outcome } of results) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  const slowest = Math.max(0, ...results.filter(({ outcome }) => outcome === 'as before').map(({ seconds }) => seconds));
  return [...[...counts].map(([outcome, count]) => `${count} of ${results.length}: ${outcome}`), `The slowest clean-up took ${slowest} s.`].join('\n');
}
