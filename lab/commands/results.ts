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
import { stillPublished, withoutResult } from '../score/published.ts';
import { parseResults, serialiseResults } from '../score/results-json.ts';
import { resultsPage } from '../score/results-page.ts';
import { culprit } from './context.ts';

const folder = join(import.meta.dirname, '..');

interface Present {
  readonly job: Job;
  readonly result: StoredResult;
}

/** Every run that there could be, with experiments and without. */
function possibleJobs(scenarios: readonly LoadedScenario[]): Job[] {
  const jobs = chooseJobs(scenarios, [], { repeat: 100 });
  return [...jobs, ...jobs.map((one): Job => ({ ...one, experiments: true }))];
}

/** The runs of this machine, of scenarios as they are now. */
function ownRuns(jobs: readonly Job[]): Present[] {
  const kept = join(cacheFolder(), 'results');
  const names = new Set(existsSync(kept) ? readdirSync(kept) : []);
  return jobs.flatMap((job) => {
    const result = names.has(jobName(job)) ? readResult(job) : undefined;
    return result?.scenarioHash === job.scenario.hash ? [{ job, result }] : [];
  });
}

function publishedRuns(): RunResult[] {
  const file = join(folder, 'results.json');
  return existsSync(file) ? parseResults(readFileSync(file, 'utf8')) : [];
}

/** Of these jobs, those without a result, here or in lab/results.json. */
export function missingJobs(jobs: readonly Job[]): Job[] {
  const own = ownRuns(jobs).map(({ result }) => result);
  return withoutResult(jobs, [...own, ...stillPublished(publishedRuns(), jobs, own)]);
}

/** The runs of this machine with the verdicts of the present product. */
async function judgedAgain(present: readonly Present[]): Promise<StoredResult[]> {
  const product = { productHash: productHash(), versions: { culprit: culprit() } };
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

/** Writes lab/RESULTS.md and lab/results.json from the runs so far, and says so in a sentence. Where this machine has no run, what was published stays. */
export async function writeResultsPage(scenarios: readonly LoadedScenario[]): Promise<string> {
  const jobs = possibleJobs(scenarios);
  const own = (await judgedAgain(ownRuns(jobs))).map(withoutProduct);
  const results = [...own, ...stillPublished(publishedRuns(), jobs, own)];
  const notes = join(folder, 'known-failures.json');
  const page = resultsPage(results, scenarios.map(describeScenario), {
    date: new Date().toISOString(),
    culprit: culprit(),
    knownFailures: existsSync(notes) ? parseKnownFailures(readFileSync(notes, 'utf8')) : [],
    ranOn: `a machine with ${cpus().length} cores and ${Math.round(totalmem() / 2 ** 30)} GiB`,
  });
  writeFileSync(join(folder, 'RESULTS.md'), page);
  writeFileSync(join(folder, 'results.json'), serialiseResults(results));
  const plain = results.filter((result) => result.experiments === undefined);
  const right = plain.filter((result) => result.outcome === 'right').length;
  return `${right} of ${plain.length} runs are right. lab/RESULTS.md and lab/results.json are written.`;
}
