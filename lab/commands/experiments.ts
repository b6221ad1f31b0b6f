import type { RunResult } from '../define.ts';
import { wouldTry } from '../run/look.ts';
import { judgeAgain } from '../run/run.ts';
import { caseFileOf, productHash, readResult, writeResult, type StoredResult } from '../run/store.ts';
import { jobName, type Job } from '../scenarios.ts';
import { culprit } from './context.ts';
import { runJobs } from './run.ts';

/** The result of a run with experiments that is still good: of this very scenario and product. */
function earlierResult(job: Job, product: string): StoredResult | undefined {
  const result = readResult(job);
  return result?.scenarioHash === job.scenario.hash && result.productHash === product && result.outcome !== 'error' && result.outcome !== 'not-injected' ? result : undefined;
}

/**
 * Runs jobs again with experiments allowed. Whether the product would try anything is a pure function of the case that the run without experiments has saved: where it would not, its verdict
 * is the same, and nothing has to run. Scenarios in which the product has to find out by trying are left out. Goes on where an earlier run stopped.
 */
export async function runWithExperiments(jobs: readonly Job[]): Promise<readonly RunResult[]> {
  const product = productHash();
  const live: Job[] = [];
  const results: StoredResult[] = [];
  for (const job of jobs) {
    const plain = readResult(job);
    const tried: Job = { ...job, experiments: true };
    if (job.scenario.blind || plain?.scenarioHash !== job.scenario.hash || plain.verdict === undefined) continue;
    const earlier = earlierResult(tried, product);
    if (earlier !== undefined) results.push(earlier);
    else if (await wouldTry(caseFileOf(job))) live.push(tried);
    else {
      const same = { ...(await judgeAgain(job, plain, { productHash: product, versions: { culprit: culprit() } })), experiments: [] };
      writeResult(tried, same);
      results.push(same);
      console.log(`${jobName(job)}: no experiment is worth it`);
    }
  }
  return [...results, ...(await runJobs(live, { resume: false }))];
}
