import type { RunResult, Suite } from '../define.ts';
import { judgeAgain, runJob, type RunContext } from '../run/run.ts';
import { slotCount, takeSlots } from '../run/slots.ts';
import { productHash, readResult, type StoredResult } from '../run/store.ts';
import { jobName, type Job } from '../scenarios.ts';
import { completeSpec } from '../run/states.ts';
import { contextOf, endMachinesOnSignals } from './context.ts';

const clockTime = (): string => new Date().toTimeString().slice(0, 8);

/** A result is still good when its scenario is what it was; the verdict is made again when the product changed. */
async function earlierResult(job: Job, context: Omit<RunContext, 'log'>): Promise<StoredResult | undefined> {
  const result = readResult(job);
  if (result?.scenarioHash !== job.scenario.hash || result.outcome === 'error' || result.outcome === 'not-injected') return undefined;
  return judgeAgain(job, result, context);
}

const kindOf = ({ scenario, variant, suite }: Job): 'quick' | 'upgrade' => completeSpec(scenario.machine?.(scenario.variants[variant], suite) ?? {}).kind;

/** Light runs go side by side, so those that need all cores come after them; machines that take long to build come last. */
function inOrder(jobs: readonly Job[]): Job[] {
  const rank = (job: Job): number => (kindOf(job) === 'upgrade' ? 2 : job.scenario.weight === 'heavy' ? 1 : 0);
  return jobs.toSorted((a, b) => rank(a) - rank(b));
}

/** Runs jobs, as many at a time as cores allow, and gives their results in the jobs' order. */
export async function runJobs(jobs: readonly Job[], options: { readonly resume: boolean }): Promise<StoredResult[]> {
  endMachinesOnSignals();
  const contexts = new Map<string, Promise<Omit<RunContext, 'log'>>>();
  const contextFor = (job: Job): Promise<Omit<RunContext, 'log'>> => {
    const key = `${job.suite} ${kindOf(job)}`;
    const context = contexts.get(key) ?? contextOf(job.suite, kindOf(job), (line) => console.log(`${clockTime()} ${line}`));
    contexts.set(key, context);
    return context;
  };
  const results = new Map<Job, StoredResult>();
  const queue = inOrder(jobs);
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < queue.length; index = next++) {
      const job = queue[index]!;
      const say = (line: string): void => console.log(`${clockTime()} [${index + 1}/${jobs.length}] ${jobName(job)}: ${line}`);
      const context = { ...(await contextFor(job)), log: say };
      const earlier = options.resume ? await earlierResult(job, context) : undefined;
      if (earlier) {
        results.set(job, earlier);
        say(`${earlier.outcome} (from an earlier run${earlier.diagnosedAgain ? ', diagnosed again' : ''})`);
        continue;
      }
      const release = await takeSlots(job.scenario.weight);
      try {
        say('starts');
        const result = await runJob(job, { ...context, productHash: productHash() });
        results.set(job, result);
        say(lineOf(result));
      } finally {
        release();
      }
    }
  };
  await Promise.all(Array.from({ length: slotCount() }, worker));
  return jobs.map((job) => results.get(job)).filter((result) => result !== undefined);
}

/** A result in a line: what came out, and why it is wrong. */
function lineOf(result: RunResult): string {
  const { boot, inject, settle, investigate } = result.seconds;
  const verdict = result.verdict ? `${result.verdict.status}: ${result.verdict.causes.map((cause) => cause.id).join(', ') || 'no cause'}` : 'no verdict';
  const times = `boot ${boot} s, injection ${inject} s, settling ${settle} s, look ${investigate} s`;
  return [`${result.outcome} (${verdict}; ${times})`, ...result.failures.map((failure) => `    ${failure}`)].join('\n');
}

/** The table at the end, one line a run. */
export function tableOf(results: readonly RunResult[]): string {
  const rows = results.map((result) => [
    result.outcome,
    `${result.scenario}.${result.variant}`,
    result.suite,
    result.verdict?.status ?? '',
    result.verdict?.causes.map((cause) => `${cause.id} ${Math.round(cause.probability * 100)} %`).join(', ') ?? '',
    `${result.seconds.investigate} s`,
  ]);
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...rows.map((row) => row[column]!.length), 0));
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd()).join('\n');
}

export const isSuite = (text: string): text is Suite => text === 'bookworm' || text === 'trixie';
