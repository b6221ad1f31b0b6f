import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { culprit } from './context.ts';
import { redact, type Verdict } from '../run/look.ts';
import { judgeAgain } from '../run/run.ts';
import { caseFileOf, productHash, readResult, type StoredResult } from '../run/store.ts';
import { jobName, type Job } from '../scenarios.ts';

const hosts = join(import.meta.dirname, '..', '..', 'test', 'hosts');

/** Redaction gives disks and hosts other names: for each cause whose object matters, the name that it has now. */
function redactedObjects(result: StoredResult, redacted: Verdict): Record<string, string> {
  const causes = result.verdict?.causes ?? [];
  return Object.fromEntries(
    Object.entries(result.truth.objects ?? {}).flatMap(([id, text]) => {
      const at = causes.findIndex((cause) => cause.id === id);
      const object = causes[at]?.objects.findIndex((one) => one.includes(text)) ?? -1;
      const name = redacted.causes[at]?.objects[object];
      return name === undefined ? [] : [[id, name]];
    }),
  );
}

/** What the ordinary tests expect of a recorded machine: what the oracle of the lab expects, and how sure the product was. */
function expectationOf(job: Job, result: StoredResult, redacted: Verdict): Record<string, unknown> {
  const truth = { ...result.truth, ...(result.truth.objects ? { objects: redactedObjects(result, redacted) } : {}) };
  const leading = result.verdict?.causes[0]?.probability;
  return {
    about: job.scenario.why,
    variant: job.variant,
    kind: job.scenario.kind,
    truth,
    ...(leading === undefined ? {} : { probability: [Math.max(0.5, Math.floor((leading - 0.25) * 100) / 100), 1] }),
  };
}

/** Saves the case of a right run to test/hosts/<scenario>-<suite>/ (or with the variant's name, when asked). Gives what was done. */
export async function record(job: Job, withVariant: boolean): Promise<string> {
  const stored = readResult(job);
  if (!stored) return `${jobName(job)} was not run yet.`;
  const result = await judgeAgain(job, stored, { productHash: productHash(), versions: { culprit: culprit() } });
  if (result.heldOut) return `${jobName(job)} is held out: it is scored apart and never recorded.`;
  if (result.outcome !== 'right') return `${jobName(job)} is not recorded, for its verdict is ${result.outcome}: ${result.failures.join(' ')}`;
  const folder = join(hosts, [job.scenario.name, ...(withVariant ? [job.variant] : []), job.suite].join('-'));
  mkdirSync(folder, { recursive: true });
  const redacted = await redact(caseFileOf(job), join(folder, 'case.tgz'));
  writeFileSync(join(folder, 'expect.json'), `${JSON.stringify(expectationOf(job, result, redacted), null, 2)}\n`);
  return `${jobName(job)} is recorded in ${folder}.`;
}
