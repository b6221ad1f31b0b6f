import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../cache.ts';
import type { RunResult, Truth } from '../define.ts';
import { judge } from '../judge.ts';
import { isHeldOut } from '../score/hold-out.ts';
import { jobName, type Job } from '../scenarios.ts';
import { LabHost } from '../vm/host.ts';
import type { Machine } from '../vm/machine.ts';
import { diagnoseAgain, hasCase, investigate, loginCpuSeconds, type Verdict } from './look.ts';
import { completeSpec, startMachine, type Prepared } from './states.ts';
import { caseFileOf, folderOf, writeResult, type StoredResult } from './store.ts';

export interface RunContext {
  readonly prepared: Prepared;
  readonly versions: Readonly<Record<string, string>>;
  readonly productHash: string;
  readonly log: (line: string) => void;
  /** Machines that run now, so that an interrupted lab can end them. */
  readonly running: Set<Machine>;
}

type Attempt = Pick<RunResult, 'outcome' | 'failures' | 'seconds'> & Partial<Pick<RunResult, 'verdict' | 'hostCpuSeconds' | 'experiments'>>;
const attemptsAtMost = 3;

export const truthOf = ({ scenario, variant, suite }: Job): Truth =>
  typeof scenario.truth === 'function' ? scenario.truth(scenario.variants[variant], suite) : scenario.truth;

function stopwatch(): () => number {
  let last = performance.now();
  return () => {
    const now = performance.now();
    const seconds = Math.round((now - last) / 100) / 10;
    last = now;
    return seconds;
  };
}

/** Results are published: they name no path of the machine that ran them. */
const message = (error: unknown): string => (error instanceof Error ? error.message : String(error)).replaceAll(process.execPath, 'node').replaceAll(process.cwd(), '.');

function judged(job: Job, verdict: Verdict): Pick<RunResult, 'outcome' | 'failures' | 'verdict'> {
  const failures = judge(truthOf(job), job.scenario.kind, verdict);
  return { outcome: failures.length === 0 ? 'right' : 'wrong', failures, verdict };
}

/** A short name, since the paths of its sockets may have no more than 107 characters (unix(7)). */
const runName = (name: string): string => `${name.slice(0, 24)}-${createHash('sha256').update(name).digest('hex').slice(0, 6)}-${process.pid}`;

async function attempt(job: Job, context: RunContext): Promise<Attempt> {
  const { scenario } = job;
  const variant: unknown = scenario.variants[job.variant];
  const seconds = { boot: 0, inject: 0, settle: 0, investigate: 0 };
  const lap = stopwatch();
  const spec = completeSpec(scenario.machine?.(variant, job.suite) ?? {});
  const folder = join(cacheFolder(), 'run', runName(jobName(job)));
  const machine = await startMachine(context.prepared, spec, folder, context.log);
  context.running.add(machine);
  try {
    const host = new LabHost(job.suite, machine);
    seconds.boot = lap();
    try {
      await scenario.beforeZfs?.(host, variant);
      if (scenario.zfs !== false) await host.run('modprobe zfs');
      await scenario.inject(host, variant);
    } catch (error) {
      return { outcome: 'not-injected', failures: [`The fault could not be made: ${message(error)}`], seconds };
    }
    seconds.inject = lap();
    await host.wait(scenario.settleSeconds ?? 10);
    const problem = await scenario.check(host, variant);
    seconds.settle = lap();
    if (problem !== undefined) return { outcome: 'not-injected', failures: [`The fault did not take: ${problem}`], seconds };
    context.log('injected; the product looks');
    const before = await loginCpuSeconds(host).catch(() => undefined);
    lap();
    const { verdict, experiments, stderr } = await investigate(host, context.prepared.image.keyFile, caseFileOf(job), scenario.look?.(host, variant), { blind: scenario.blind, experiments: job.experiments });
    seconds.investigate = lap();
    writeFileSync(join(folderOf(job), 'progress.txt'), stderr);
    const after = before === undefined ? undefined : await loginCpuSeconds(host).catch(() => undefined);
    const cost = before === undefined || after === undefined ? {} : { hostCpuSeconds: Math.round((after - before) * 100) / 100 };
    return { ...judged(job, verdict), seconds, ...cost, ...(job.experiments ? { experiments } : {}) };
  } finally {
    await machine.stop();
    context.running.delete(machine);
  }
}

/** Runs one job to its result and keeps it. What was not injected is tried twice again, and then counts as a failure. */
export async function runJob(job: Job, context: RunContext): Promise<StoredResult> {
  const startedAt = new Date().toISOString();
  rmSync(folderOf(job), { recursive: true, force: true });
  mkdirSync(folderOf(job), { recursive: true });
  let last: Attempt | undefined;
  let attempts = 0;
  do {
    attempts += 1;
    try {
      last = await attempt(job, context);
    } catch (error) {
      last = { outcome: 'error', failures: [message(error)], seconds: { boot: 0, inject: 0, settle: 0, investigate: 0 } };
    }
    if (last.outcome === 'not-injected') context.log(last.failures.join(' '));
  } while (last.outcome === 'not-injected' && attempts < attemptsAtMost);
  const result: StoredResult = { ...identity(job, context), ...last, attempts, startedAt, diagnosedAgain: false };
  writeResult(job, result);
  return result;
}

/** The same run with the verdict of the present product on the case that it saved; the run itself where it saved none. */
export async function judgeAgain(job: Job, result: StoredResult, { productHash, versions }: { readonly productHash: string; readonly versions: Readonly<Record<string, string>> }): Promise<StoredResult> {
  if (!hasCase(caseFileOf(job)) || result.verdict === undefined) return result;
  const isSameProduct = result.productHash === productHash;
  const verdict = isSameProduct ? result.verdict : await diagnoseAgain(caseFileOf(job), { blind: job.scenario.blind });
  const diagnosedAgain = result.diagnosedAgain || !isSameProduct;
  const again = { ...result, ...judged(job, verdict), truth: truthOf(job), diagnosedAgain, productHash, versions: { ...result.versions, culprit: versions['culprit'] ?? '' } };
  writeResult(job, again);
  return again;
}

function identity(job: Job, context: RunContext): Omit<StoredResult, keyof Attempt | 'attempts' | 'startedAt' | 'diagnosedAgain'> {
  const { scenario, variant, suite, repeat } = job;
  return {
    scenario: scenario.name,
    variant,
    suite,
    repeat,
    subject: scenario.subject,
    kind: scenario.kind,
    family: scenario.family ?? scenario.name,
    heldOut: isHeldOut(scenario.name, Object.keys(scenario.variants), variant),
    truth: truthOf(job),
    scenarioHash: scenario.hash,
    imageHash: context.prepared.imageHash,
    versions: context.versions,
    productHash: context.productHash,
  };
}
