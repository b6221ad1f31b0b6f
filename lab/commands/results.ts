import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { cacheFolder } from '../cache.ts';
import type { RunResult } from '../define.ts';
import { judgeAgain } from '../run/run.ts';
import { productHash, readResult, type StoredResult } from '../run/store.ts';
import { chooseJobs, jobName, type Job, type LoadedScenario } from '../scenarios.ts';
import { describeScenario } from '../score/descriptions.ts';
import { parseKnownFailures } from '../score/known-failures.ts';
import { serialiseResults } from '../score/results-json.ts';
import { resultsPage } from '../score/results-page.ts';
import { culprit } from './context.ts';

const folder = join(import.meta.dirname, '..');

/** The results of all runs of the scenarios as they are now, with the verdicts of the present product. */
async function presentResults(scenarios: readonly LoadedScenario[]): Promise<StoredResult[]> {
  const kept = join(cacheFolder(), 'results');
  const names = new Set(existsSync(kept) ? readdirSync(kept) : []);
  const product = { productHash: productHash(), versions: { culprit: culprit() } };
  const jobs = chooseJobs(scenarios, [], { repeat: 100 });
  const present = [...jobs, ...jobs.map((one): Job => ({ ...one, experiments: true }))].flatMap((job) => {
    const result = names.has(jobName(job)) ? readResult(job) : undefined;
    return result?.scenarioHash === job.scenario.hash ? [{ job, result }] : [];
  });
  const results: StoredResult[] = [];
  const waiting = present.entries();
  const judgeNext = async (): Promise<void> => {
    for (const [index, { job, result }] of waiting) results[index] = await judgeAgain(job, result, product);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, judgeNext));
  return results;
}

/** results.json names the product by version and commit. */
function withoutProduct(result: StoredResult): RunResult {
  const { productHash: _product, ...rest } = result;
  return rest;
}

/** Writes lab/RESULTS.md and lab/results.json from the runs so far, and says so in a sentence. */
export async function writeResultsPage(scenarios: readonly LoadedScenario[]): Promise<string> {
  const results = await presentResults(scenarios);
  const notes = join(folder, 'known-failures.json');
  const page = resultsPage(results, scenarios.map(describeScenario), {
    date: new Date().toISOString(),
    culprit: culprit(),
    knownFailures: existsSync(notes) ? parseKnownFailures(readFileSync(notes, 'utf8')) : [],
    ranOn: `a machine with ${cpus().length} cores and ${Math.round(totalmem() / 2 ** 30)} GiB`,
  });
  writeFileSync(join(folder, 'RESULTS.md'), page);
  writeFileSync(join(folder, 'results.json'), serialiseResults(results.map(withoutProduct)));
  const plain = results.filter((result) => result.experiments === undefined);
  const right = plain.filter((result) => result.outcome === 'right').length;
  return `${right} of ${plain.length} runs are right. lab/RESULTS.md and lab/results.json are written.`;
}
