import type { Suite } from '../define.ts';
import { Journal } from '../trials/journal.ts';
import { kill, type KillResult } from '../trials/kill.ts';
import { listExperiments, onHealthyMachines } from '../trials/machine.ts';
import { scheduleKills } from '../trials/schedule.ts';
import { endMachinesOnSignals } from './context.ts';

/** A host must be as it was within so many seconds. */
const limitSeconds = 60;
/** On an emulated machine everything takes some times as long. */
const slowness = 1.5;

function lineOf({ experiment, victim, afterSeconds, outcome, seconds, left }: KillResult): string {
  return `${experiment}, ${victim} killed after ${afterSeconds} s: ${outcome} (${seconds} s)${left.map((line) => `\n    ${line}`).join('')}`;
}

/** Kills experiments at random moments, going on where an earlier run stopped. Gives all results for this seed. What is left would spoil what comes next, so a new machine comes then. */
export async function runKills(suite: Suite, count: number, seed: number): Promise<readonly KillResult[]> {
  endMachinesOnSignals();
  const journal = new Journal<KillResult>(`kills-${suite}-${seed}`);
  const schedule = scheduleKills(listExperiments().map(({ id, costSeconds }) => ({ id, lastSeconds: costSeconds * slowness })), count, seed);
  const next = (): (typeof schedule)[number] | undefined => schedule[journal.entries.length];
  if (next() === undefined) return journal.entries;
  await onHealthyMachines(suite, console.log, async (host, keyFile) => {
    for (let one = next(); one !== undefined; one = next()) {
      const result = await kill(host, keyFile, one, limitSeconds);
      journal.add(result);
      console.log(`[${journal.entries.length}/${count}] ${lineOf(result)}`);
      if (result.outcome === 'something is left') return 'a new machine';
    }
    return 'done';
  });
  return journal.entries;
}

/** In one line for each outcome. */
export function killSummary(results: readonly KillResult[]): string {
  const counts = new Map<string, number>();
  for (const { outcome } of results) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  const slowest = Math.max(0, ...results.filter(({ outcome }) => outcome === 'as before').map(({ seconds }) => seconds));
  return [...[...counts].map(([outcome, count]) => `${count} of ${results.length}: ${outcome}`), `The slowest clean-up took ${slowest} s.`].join('\n');
}
