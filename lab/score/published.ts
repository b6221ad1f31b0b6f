import type { RunResult } from '../define.ts';
import type { Job } from '../scenarios.ts';

const keyOf = ({ scenario, variant, suite, repeat, experiments }: RunResult): string => JSON.stringify([scenario, variant, suite, repeat, experiments !== undefined]);
const keyOfJob = ({ scenario, variant, suite, repeat, experiments }: Job): string => JSON.stringify([scenario.name, variant, suite, repeat, experiments === true]);

/**
 * The published results (lab/results.json) that still hold: of scenarios that are as they were then, where this machine has no run of
 * its own. They are taken over as they stand, since the cases lie on the machine that made the runs.
 */
export function stillPublished(published: readonly RunResult[], jobs: readonly Job[], own: readonly RunResult[]): RunResult[] {
  const hashes = new Map(jobs.map((job) => [keyOfJob(job), job.scenario.hash]));
  const made = new Set(own.map(keyOf));
  return published.filter((run) => !made.has(keyOf(run)) && hashes.get(keyOf(run)) === run.scenarioHash).map((run) => ({ ...run, takenOver: true }));
}

/** The jobs of which neither this machine nor the published results know how they end. */
export function withoutResult(jobs: readonly Job[], known: readonly RunResult[]): Job[] {
  const ended = new Set(known.filter(({ outcome }) => outcome === 'right' || outcome === 'wrong').map(keyOf));
  return jobs.filter((job) => !ended.has(keyOfJob(job)));
}
